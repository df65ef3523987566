using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>Indices that depend on elements, such as an order: found again in each run of a program.</summary>
/// <remarks>
/// Indices are attributes of the operations that read them, not operands, so a plan of memory would not see them live. They keep memory of
/// their own.
/// </remarks>
internal sealed class IndexInstruction<T>(string name, Tensor<T> x, Tensor<int> indices, Action<Tensor<T>, Tensor<int>> find) : Instruction
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Storage> Reads => [x.Storage];

    public override IEnumerable<Storage> Writes => [];

    // Whoever reads the indices does not show it.
    public override bool HasEffects => true;

    /// <summary>Finds the indices: now, or in each run of the program that is being captured.</summary>
    public static Tensor<int> Find(string name, Tensor<T> x, Shape shape, Action<Tensor<T>, Tensor<int>> find)
    {
        x.ThrowIfScratch();
        Tensor<T> elements = x.Detach().Contiguous();
        if (Recorder.Current is { } recorder)
        {
            Tensor<int> found = Tensor.Wrap(new int[shape.Length].AsMemory(), shape);
            recorder.Add(new IndexInstruction<T>(name, elements, found, find));
            return found;
        }
        Tensor<int> indices = Tensor.Uninitialized<int>(shape);
        find(elements, indices);
        return indices;
    }

    public override void Execute() => find(x, indices);

    public override string Describe(Func<Storage, string> nameOf) => $"{nameOf(indices.Storage)} = {name}({nameOf(x.Storage)})  {indices.Shape}";
}
