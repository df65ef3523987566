using FastGrad.Kernels.Elementwise;

namespace FastGrad.Kernels.Indexing;

/// <summary>Single elements along an axis by an index tensor: torch.gather.</summary>
public static class Gather
{
    /// <summary>y[o, i, j] = x[o, index[o, i, j], j].</summary>
    /// <param name="x">[outer, extent, inner].</param>
    /// <param name="index">[outer, count, inner], from 0 to extent − 1.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="extent">The length of the axis of x.</param>
    /// <param name="count">The length of the axis of the index.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="y">[outer, count, inner]; no memory of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the axis; the message names its position, value and bound.</exception>
    public static void Copy<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> index, int outer, int extent, int count, int inner, Span<T> y)
        where T : unmanaged
    {
        Check(index, outer, extent, count, inner);
        IndexCheck.Length(x.Length, outer, extent, inner, nameof(x));
        IndexCheck.Length(y.Length, outer, count, inner, nameof(y));
        SpanCheck.Disjoint(x, y);
        for (int o = 0, at = 0; o < outer; o++)
        {
            ReadOnlySpan<T> from = x.Slice(o * extent * inner, extent * inner);
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < inner; j++, at++)
                    y[at] = from[index[at] * inner + j];
            }
        }
    }

    internal static void Check(ReadOnlySpan<int> index, int outer, int extent, int count, int inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(extent);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        IndexCheck.Length(index.Length, outer, count, inner, nameof(index));
        IndexCheck.Range(index, extent);
    }
}
