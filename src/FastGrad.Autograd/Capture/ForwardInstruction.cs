using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd;

/// <summary>y = f(x₁, x₂, …), and what the kernel leaves beside y for backward.</summary>
internal sealed class ForwardInstruction<T>(Primitive<T> primitive, Tensor<T>[] inputs, Tensor<T> output, Tensor<T>? auxiliary) : Instruction, ITiled, IFinishable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Storage[] _reads = [.. inputs.Select(input => input.Storage)];
    private readonly ElementwisePrimitive<T>? _elementwise = primitive as ElementwisePrimitive<T>;
    private readonly ForeignKernel? _foreign = ForeignKernel.For(primitive);
    private readonly int _tileLength = primitive is ElementwisePrimitive<T> && auxiliary is null && inputs.All(input => input.IsContiguous && (input.Length == output.Length || input.Length == 1))
        ? output.Length
        : 0;

    public override IEnumerable<Storage> Reads => _reads;

    public override IEnumerable<Storage> Writes => auxiliary is null ? [output.Storage] : [output.Storage, auxiliary.Storage];

    public override IEnumerable<(Storage Storage, string? Name)> Names => inputs.Select(input => ((Storage)input.Storage, input.Name));

    public override bool IsPure => auxiliary is null;

    public override bool IsClosed => primitive.ReadsInputsOnly;

    public override int ValueHash => HashCode.Combine(primitive.GetType(), output.Shape);

    public int TileLength => _tileLength;

    public IEnumerable<TileOperand> Operands => [.. inputs.Select(i => i.TileOperand(isWritten: false)), output.TileOperand(isWritten: true)];

    public override bool HasSameValue(Instruction other, Func<Storage, Storage> home) =>
        other is ForwardInstruction<T> same && same.Primitive.Computes(primitive) && same.Inputs.Length == inputs.Length && same.Output.Shape == output.Shape
        && inputs.Zip(same.Inputs).All(pair => home(pair.First.Storage) == home(pair.Second.Storage) && pair.First.HasLayoutOf(pair.Second));

    // Element i is written after elements i of the operands are read; a single element would be lost for the others.
    public override bool MayOverwrite(Storage operand) =>
        TileLength > 0 && inputs.All(i => i.Storage != operand || (i.Length == output.Length && i.Offset == output.Offset));

    internal Primitive<T> Primitive => primitive;

    internal Tensor<T>[] Inputs => inputs;

    internal Tensor<T> Output => output;

    public override double Flops => primitive is ICounted counted ? counted.Flops(inputs[0].Shape, inputs[Math.Min(1, inputs.Length - 1)].Shape, output.Shape) : 0;

    public override void Execute()
    {
        if (_foreign is not null)
            ExecuteShown();
        else if (auxiliary is null)
            primitive.Forward(inputs, output);
        else
            primitive.Forward(inputs, output, auxiliary);
    }

    private void ExecuteShown()
    {
        using ForeignKernel.Showing showing = _foreign!.Show(this);
        if (auxiliary is null)
            primitive.Forward(inputs, output);
        else
            primitive.Forward(inputs, output, auxiliary);
    }

    public void ExecuteTile(int start, int count) => _elementwise!.Forward(
        Tiles.Of(inputs[0], start, count),
        inputs.Length > 1 ? Tiles.Of(inputs[1], start, count) : default,
        inputs.Length > 2 ? Tiles.Of(inputs[2], start, count) : default,
        output.Dense().Slice(start, count));

    public override Storage? Unfinished => primitive is IProduct<T> product && product.Columns(inputs, output) > 0 ? output.Storage : null;

    public override Instruction? FinishedBy(Instruction next, Func<Storage, Storage> home) => EpilogueInstruction<T>.Create(
        this, output, ((IProduct<T>)primitive).Columns(inputs, output), next, home);

    /// <summary>f(x) or x + r of these elements x, as an epilogue; r null where there is none.</summary>
    public (IFinish<T>? Function, Tensor<T>? Residual)? AsEpilogueOf(Tensor<T> x, Func<Storage, Storage> home)
    {
        if (TileLength != x.Length)
            return null;
        if (primitive is IFinish<T> function)
            return Holds(inputs[0]) ? (function, null) : null;
        if (primitive is not BinaryPrimitive<Add<T>, T> || inputs.Any(i => i.Length != x.Length))
            return null;
        return (Holds(inputs[0]), Holds(inputs[1])) switch
        {
            (true, false) when home(inputs[1].Storage) != home(x.Storage) => (null, inputs[1]),
            (false, true) when home(inputs[0].Storage) != home(x.Storage) => (null, inputs[0]),
            _ => null,
        };

        bool Holds(Tensor<T> input) => home(input.Storage) == home(x.Storage) && input.Offset == x.Offset;
    }

    public Tensor<T> Result => output;

    void IFinishable<T>.Execute(Tensor<T> result, BoundEpilogue<T> epilogue) => ((IProduct<T>)primitive).Forward(inputs, result, epilogue);

    public override string Describe(Func<Storage, string> name) =>
        $"{name(output.Storage)}{(auxiliary is null ? "" : $", {name(auxiliary.Storage)}")} = {primitive.Name}({string.Join(", ", inputs.Select(i => name(i.Storage)))})  {output.Shape}";
}
