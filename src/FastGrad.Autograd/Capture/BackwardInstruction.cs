using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd;

/// <summary>dxᵢ = Jᵢᵀ·dy, or dxᵢ += Jᵢᵀ·dy.</summary>
internal sealed class BackwardInstruction<T>(Node<T> node, int input, Tensor<T> dy, Tensor<T> dx, bool accumulate) : Instruction, ITiled, IFinishable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Storage[] _reads = [dy.Storage, .. node.Saved.Select(saved => saved.Storage), .. accumulate ? (Storage[])[dx.Storage] : []];
    private readonly ElementwisePrimitive<T>? _elementwise = node.Primitive as ElementwisePrimitive<T>;
    private readonly ForeignKernel? _foreign = ForeignKernel.For(node.Primitive);
    private readonly int _tileLength = node.Primitive is ElementwisePrimitive<T> && dx.Length == dy.Length && node.Saved.All(s => s.IsContiguous && (s.Length == dy.Length || s.Length == 1))
        ? dy.Length
        : 0;

    // What the derivative reads, looked up once.
    private readonly ElementGradient<T> _operands = new(
        input,
        node.InputCount > 0 && node.Primitive.Keeps(0) ? node.SavedInput(0) : null,
        node.InputCount > 1 && node.Primitive.Keeps(1) ? node.SavedInput(1) : null,
        node.Primitive.KeepsOutput ? node.SavedOutput() : null,
        dy, dx, accumulate);

    public override IEnumerable<Storage> Reads => _reads;

    public override IEnumerable<Storage> Writes => [dx.Storage];

    public override IEnumerable<(Storage Storage, string? Name)> Names => node.Saved.Append(dx).Select(tensor => ((Storage)tensor.Storage, tensor.Name));

    public override bool IsPure => !accumulate;

    public override bool IsBackward => true;

    public int TileLength => _tileLength;

    public IEnumerable<TileOperand> Operands => [dy.TileOperand(isWritten: false), .. node.Saved.Select(s => s.TileOperand(isWritten: false)), dx.TileOperand(isWritten: true)];

    // A sum hands its gradient on as it is, and so does a difference to what it subtracts from.
    public override Storage? CopyOf =>
        !accumulate && dx.IsWhole && dy.IsWhole && dx.Length == dy.Length
        && (node.Primitive is BinaryPrimitive<Add<T>, T> || (node.Primitive is BinaryPrimitive<Subtract<T>, T> && input == 0)) ? dy.Storage : null;

    public override bool MayOverwrite(Storage operand) =>
        TileLength > 0 && Operands.All(o => o.IsWritten || o.Storage != operand || (o.Length == dx.Length && o.Offset == dx.Offset));

    public override double Flops
    {
        get
        {
            Linearization<T> at = new(node);
            return node.Primitive is ICounted counted ? counted.BackwardFlops(input, at.InputShape(0), at.InputShape(Math.Min(1, node.InputCount - 1)), at.OutputShape) : 0;
        }
    }

    public override void Execute()
    {
        // One tile, on one thread: past the questions about axes and teams, whose answers are known.
        if (_tileLength is > 0 and < TiledInstruction.MinLength)
            _elementwise!.Backward(in _operands);
        else if (_foreign is null)
            node.Primitive.Backward(input, new Linearization<T>(node), dy, dx, accumulate);
        else
            ExecuteShown();
    }

    private void ExecuteShown()
    {
        using ForeignKernel.Showing showing = _foreign!.Show(this);
        node.Primitive.Backward(input, new Linearization<T>(node), dy, dx, accumulate);
    }

    public void ExecuteTile(int start, int count) => _elementwise!.Backward(
        input,
        Kept(_operands.X, start, count),
        Kept(_operands.Y, start, count),
        Kept(_operands.Z, start, count),
        dy.Dense().Slice(start, count),
        dx.Dense().Slice(start, count),
        accumulate);

    private static ReadOnlySpan<T> Kept(Tensor<T>? operand, int start, int count) => operand is null ? default : Tiles.Of(operand, start, count);

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
