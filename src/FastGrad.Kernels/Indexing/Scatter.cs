using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Kernels.Indexing;

/// <summary>Single elements written or added along an axis by an index tensor: torch.scatter and torch.scatter_add, in place.</summary>
/// <remarks>
/// Elements are taken in order along the axis. Where an index occurs twice on a line, the last one is what is left (torch leaves that open), and sums
/// are chains in that order.
/// </remarks>
public static class Scatter
{
    /// <summary>y[o, index[o, i, j], j] = x[o, i, j].</summary>
    /// <param name="x">[outer, count, inner].</param>
    /// <param name="index">[outer, count, inner], from 0 to extent − 1.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="extent">The length of the axis of y.</param>
    /// <param name="count">The length of the axis of the index.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="y">[outer, extent, inner]; no memory of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside the axis; the message names its position, value and bound.</exception>
    public static void Copy<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> index, int outer, int extent, int count, int inner, Span<T> y)
        where T : unmanaged
    {
        Check(x, index, outer, extent, count, inner, y);
        for (int o = 0, at = 0; o < outer; o++)
        {
            Span<T> to = y.Slice(o * extent * inner, extent * inner);
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < inner; j++, at++)
                    to[index[at] * inner + j] = x[at];
            }
        }
    }

    /// <summary>y[o, index[o, i, j], j] += x[o, i, j].</summary>
    /// <inheritdoc cref="Copy{T}"/>
    public static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> index, int outer, int extent, int count, int inner, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(x, index, outer, extent, count, inner, y);
        for (int o = 0, at = 0; o < outer; o++)
        {
            Span<T> to = y.Slice(o * extent * inner, extent * inner);
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < inner; j++, at++)
                    to[index[at] * inner + j] += x[at];
            }
        }
    }

    private static void Check<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> index, int outer, int extent, int count, int inner, Span<T> y)
    {
        Gather.Check(index, outer, extent, count, inner);
        IndexCheck.Length(x.Length, outer, count, inner, nameof(x));
        IndexCheck.Length(y.Length, outer, extent, inner, nameof(y));
        SpanCheck.Disjoint(x, y);
    }
}
