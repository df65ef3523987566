using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Philox;

namespace FastGrad.Initialization;

/// <summary>Normal, but for a fraction of each column, which is 0: units that start with few inputs.</summary>
/// <remarks>⌈sparsity·rows⌉ elements of each column are 0, chosen at random. Martens 2010, "Deep learning via Hessian-free optimization".</remarks>
internal sealed class SparseInitializer<T>(double sparsity, double deviation) : IInitializer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _sparsity = sparsity is >= 0 and <= 1
        ? sparsity
        : throw new ArgumentOutOfRangeException(nameof(sparsity), sparsity, $"The sparsity is {sparsity}; expected a number from 0 to 1.");

    public void Fill(Span<T> destination, Shape shape, PhiloxStream stream)
    {
        if (shape.Rank != 2)
            throw new ArgumentException($"A sparse initialization of shape {shape}; expected a matrix [out, in].", nameof(shape));
        int rows = shape[0], columns = shape[1], zeros = (int)Math.Ceiling(_sparsity * rows);
        stream.FillNormal(destination, T.Zero, T.CreateTruncating(deviation));
        // Numbers that the normal ones have not used: rows with the smallest keys are cleared.
        PhiloxStream keys = stream with { Stream = stream.Stream ^ (1UL << 48) };
        int[] order = new int[rows];
        ulong[] key = new ulong[rows];
        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < rows; r++)
                (order[r], key[r]) = (r, keys.UInt64((ulong)(c * (long)rows + r)));
            Array.Sort(key, order);
            for (int k = 0; k < zeros; k++)
                destination[order[k] * columns + c] = T.Zero;
        }
    }
}
