using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd;

/// <summary>One step of a program: a kernel with its operands. Their memory is known, so running it allocates nothing.</summary>
internal abstract class Instruction
{
    /// <summary>The memory it reads; what it adds to is among it.</summary>
    public abstract IEnumerable<Storage> Reads { get; }

    /// <summary>The memory it writes.</summary>
    public abstract IEnumerable<Storage> Writes { get; }

    /// <summary>Whether it writes one value, whole, that is a function of what it reads.</summary>
    public virtual bool IsPure => false;

    /// <summary>Whether it does what cannot be seen from its reads and writes.</summary>
    public virtual bool HasEffects => false;

    /// <summary>Whether a backward pass recorded it.</summary>
    public virtual bool IsBackward => false;

    /// <summary>Whether it may run earlier, as long as what it reads and writes is as it was.</summary>
    public virtual bool MayMoveUp => false;

    /// <summary>Whether <see cref="Reads"/> is all that it reads.</summary>
    public virtual bool IsClosed => false;

    /// <summary>Equal for instructions that <see cref="HasSameValue"/>.</summary>
    public virtual int ValueHash => 0;

    /// <summary>Whether another pure instruction computes the same, from operands in the same places.</summary>
    public virtual bool HasSameValue(Instruction other, Func<Storage, Storage> home) => false;

    /// <summary>Whether the result may lie exactly where this operand does.</summary>
    public virtual bool MayOverwrite(Storage operand) => false;

    /// <summary>The storage of a product that is complete, whose kernel would take an elementwise instruction as its epilogue; null for all others.</summary>
    public virtual Storage? Unfinished => null;

    /// <summary>This product with the next instruction, which reads <see cref="Unfinished"/>, as its epilogue; null where they do not fit.</summary>
    /// <param name="next">The instruction, alone in reading it.</param>
    /// <param name="home">Where a storage lies.</param>
    public virtual Instruction? FinishedBy(Instruction next, Func<Storage, Storage> home) => null;

    public abstract void Execute();

    /// <summary>One line of a dump; values are named by the caller.</summary>
    public abstract string Describe(Func<Storage, string> name);
}

/// <summary>y = f(x₁, x₂, …), and what the kernel leaves beside y for backward.</summary>
internal sealed class ForwardInstruction<T>(Primitive<T> primitive, Tensor<T>[] inputs, Tensor<T> output, Tensor<T>? auxiliary) : Instruction, ITiled, IFinishable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Storage[] _reads = [.. inputs.Select(input => input.Storage)];
    private readonly IElementwise<T>? _elementwise = primitive as IElementwise<T>;

    public override IEnumerable<Storage> Reads => _reads;

    public override IEnumerable<Storage> Writes => auxiliary is null ? [output.Storage] : [output.Storage, auxiliary.Storage];

    public override bool IsPure => auxiliary is null;

    public override bool IsClosed => primitive.ReadsInputsOnly;

    public override int ValueHash => HashCode.Combine(primitive.GetType(), output.Shape);

    public int TileLength => _elementwise is not null && auxiliary is null && inputs.All(input => input.IsContiguous && (input.Length == output.Length || input.Length == 1)) ? output.Length : 0;

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

    public override void Execute()
    {
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

/// <summary>dxᵢ = Jᵢᵀ·dy, or dxᵢ += Jᵢᵀ·dy.</summary>
internal sealed class BackwardInstruction<T>(Node<T> node, int input, Tensor<T> dy, Tensor<T> dx, bool accumulate) : Instruction, ITiled, IFinishable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Storage[] _reads = [dy.Storage, .. node.Saved.Select(saved => saved.Storage), .. accumulate ? (Storage[])[dx.Storage] : []];
    private readonly IElementwise<T>? _elementwise = node.Primitive as IElementwise<T>;

    public override IEnumerable<Storage> Reads => _reads;

    public override IEnumerable<Storage> Writes => [dx.Storage];

    public override bool IsPure => !accumulate;

    public override bool IsBackward => true;

    public int TileLength => _elementwise is not null && dx.Length == dy.Length && node.Saved.All(s => s.IsContiguous && (s.Length == dy.Length || s.Length == 1)) ? dy.Length : 0;

    public IEnumerable<TileOperand> Operands => [dy.TileOperand(isWritten: false), .. node.Saved.Select(s => s.TileOperand(isWritten: false)), dx.TileOperand(isWritten: true)];

    public override bool MayOverwrite(Storage operand) =>
        TileLength > 0 && Operands.All(o => o.IsWritten || o.Storage != operand || (o.Length == dx.Length && o.Offset == dx.Offset));

    public override void Execute() => node.Primitive.Backward(input, new Linearization<T>(node), dy, dx, accumulate);

    public void ExecuteTile(int start, int count) => _elementwise!.Backward(
        input,
        node.InputCount > 0 && node.Primitive.Keeps(0) ? Tiles.Of(node.SavedInput(0), start, count) : default,
        node.InputCount > 1 && node.Primitive.Keeps(1) ? Tiles.Of(node.SavedInput(1), start, count) : default,
        node.Primitive.KeepsOutput ? Tiles.Of(node.SavedOutput(), start, count) : default,
        dy.Dense().Slice(start, count),
        dx.Dense().Slice(start, count),
        accumulate);

    public override Storage? Unfinished => !accumulate && Columns > 0 ? dx.Storage : null;

    public override Instruction? FinishedBy(Instruction next, Func<Storage, Storage> home) =>
        EpilogueInstruction<T>.Create(this, dx, Columns, next, home);

    /// <summary>x·f′ of these elements x, as an epilogue, and what f′ reads.</summary>
    public (IFinish<T> Function, Tensor<T>? Kept)? AsEpilogueOf(Tensor<T> x, Func<Storage, Storage> home)
    {
        bool fits = node.Primitive is IFinish<T> && !accumulate && TileLength == x.Length && home(dy.Storage) == home(x.Storage) && dy.Offset == x.Offset
            && node.Saved.All(s => s.Length == x.Length && home(s.Storage) != home(x.Storage));
        return fits ? ((IFinish<T>)node.Primitive, node.Saved.FirstOrDefault()) : null;
    }

    public Tensor<T> Result => dx;

    private int Columns => node.Primitive is IProduct<T> product ? product.GradientColumns(input, new Linearization<T>(node), dy) : 0;

    void IFinishable<T>.Execute(Tensor<T> result, BoundEpilogue<T> epilogue) =>
        ((IProduct<T>)node.Primitive).Backward(input, new Linearization<T>(node), dy, result, accumulate, epilogue);

    public override string Describe(Func<Storage, string> name) =>
        $"{name(dx.Storage)} {(accumulate ? "+=" : "=")} {node.Primitive.Name}'[{input}]({string.Join(", ", node.Saved.Select(s => name(s.Storage)))}; {name(dy.Storage)})  {dx.Shape}";
}

/// <summary>y = x, or y += x, whatever the layout of x.</summary>
internal sealed class CopyInstruction<T>(Tensor<T> source, Tensor<T> target, bool accumulate) : Instruction, ITiled
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Tensor<T> Source => source;

    internal Tensor<T> Target => target;

    public override IEnumerable<Storage> Reads => accumulate ? [source.Storage, target.Storage] : [source.Storage];

    public override IEnumerable<Storage> Writes => [target.Storage];

    public override bool IsPure => !accumulate;

    public override bool IsClosed => true;

    public int TileLength => source.IsContiguous ? target.Length : 0;

    public IEnumerable<TileOperand> Operands => [source.TileOperand(isWritten: false), target.TileOperand(isWritten: true)];

    public override void Execute()
    {
        if (accumulate)
            Add(source.Dense(), target.Dense());
        else
            source.CopyElements(target.Dense());
    }

    public void ExecuteTile(int start, int count)
    {
        if (accumulate)
            Add(source.Dense().Slice(start, count), target.Dense().Slice(start, count));
        else
            source.Dense().Slice(start, count).CopyTo(target.Dense().Slice(start, count));
    }

    private static void Add(ReadOnlySpan<T> x, Span<T> y) =>
        Kernels.Elementwise.Binary.Apply(default(Kernels.Elementwise.Operators.Add<T>), y, x, y);

    public override string Describe(Func<Storage, string> name) =>
        $"{name(target.Storage)} {(accumulate ? "+=" : "=")} {name(source.Storage)}  {target.Shape}";
}

/// <summary>Whatever a higher layer does with spans: an optimizer's step, clipping.</summary>
internal sealed class OpaqueInstruction(string title, Action action, Storage[] reads) : Instruction
{
    public override IEnumerable<Storage> Reads => reads;

    public override IEnumerable<Storage> Writes => [];

    public override bool HasEffects => true;

    public override void Execute() => action();

    public override string Describe(Func<Storage, string> name) => $"{title}({string.Join(", ", reads.Select(name))})";
}

/// <summary>Pieces of operands.</summary>
internal static class Tiles
{
    /// <summary>Elements of a tile; all of a single element, which every tile reads.</summary>
    public static ReadOnlySpan<T> Of<T>(Tensor<T> tensor, int start, int count)
        where T : unmanaged => tensor.Length == 1 ? tensor.Dense() : tensor.Dense().Slice(start, count);

    public static TileOperand TileOperand<T>(this Tensor<T> tensor, bool isWritten)
        where T : unmanaged => new(tensor.Storage, tensor.Offset, tensor.Length, isWritten);
}
