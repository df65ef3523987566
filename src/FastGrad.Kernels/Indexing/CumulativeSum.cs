using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;

namespace FastGrad.Kernels.Indexing;

/// <summary>Running sums along an axis: y[o, a, i] = x[o, 0, i] + … + x[o, a, i].</summary>
/// <remarks>Each line is one chain of additions in order, as a running sum must be: |error| ≤ a·u·Σ|x| to first order at position a.</remarks>
public static class CumulativeSum
{
    /// <summary>Sums from the axis' start, or with <paramref name="reverse"/> from its end: the transpose.</summary>
    /// <param name="x">[outer, axis, inner].</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="axis">The length of the axis.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="y">As many results; the memory of <paramref name="x"/>, or none of it.</param>
    /// <param name="reverse">Whether to sum from the end: y[o, a, i] = x[o, a, i] + … + x[o, axis − 1, i].</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap without being the same.</exception>
    public static void Along<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y, bool reverse = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        IndexCheck.Length(x.Length, outer, axis, inner, nameof(x));
        SpanCheck.SameLength(x, y);
        SpanCheck.SameOrDisjoint(x, y);
        if (axis == 0)
            return;
        int step = reverse ? -1 : 1;
        for (int o = 0; o < outer; o++)
        {
            int first = (o * axis + (reverse ? axis - 1 : 0)) * inner;
            if (inner == 1)
            {
                T sum = T.NegativeZero; // −0 + x = x, also for x = −0
                for (int a = 0, at = first; a < axis; a++, at += step)
                    y[at] = sum += x[at];
                continue;
            }
            x.Slice(first, inner).CopyTo(y.Slice(first, inner));
            for (int a = 1, at = first; a < axis; a++)
            {
                Span<T> before = y.Slice(at, inner);
                at += step * inner;
                Binary.Apply<Add<T>, T>(default, before, x.Slice(at, inner), y.Slice(at, inner));
            }
        }
    }
}
