using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>y = x, or y += x, whatever the layout of x.</summary>
internal sealed class CopyInstruction<T>(Tensor<T> source, Tensor<T> target, bool accumulate) : Instruction, ITiled
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal Tensor<T> Source => source;

    internal Tensor<T> Target => target;

    public override IEnumerable<Storage> Reads => accumulate ? [source.Storage, target.Storage] : [source.Storage];

    public override IEnumerable<Storage> Writes => [target.Storage];

    public override IEnumerable<(Storage Storage, string? Name)> Names => [(source.Storage, source.Name), (target.Storage, target.Name)];

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
