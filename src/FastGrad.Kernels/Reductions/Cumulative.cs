using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Kernels.Reductions;

/// <summary>Cumulative products and maxima along an axis: one chain for each line.</summary>
public static class Cumulative
{
    /// <summary>y[o, a, i] = Π x[o, 0 … a, i].</summary>
    /// <param name="x">outer·axis·inner elements, row-major.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="axis">The length of the axis.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="y">As many results; the memory of <paramref name="x"/>, or none of it.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape, or the spans overlap without being the same.</exception>
    public static void Product<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(x, outer, axis, inner, y.Length);
        SpanCheck.SameOrDisjoint(x, y);
        for (int o = 0; o < outer && axis > 0; o++)
        {
            int start = o * axis * inner;
            x.Slice(start, inner).CopyTo(y[start..]);
            for (int at = start + inner; at < start + axis * inner; at += inner)
                Binary.Apply(default(Elementwise.Operators.Multiply<T>), y.Slice(at - inner, inner), x.Slice(at, inner), y.Slice(at, inner));
        }
    }

    /// <summary>indices[o, a, i] = where the greatest of x[o, 0 … a, i] is: the last at ties, the latest NaN from the first one on, as torch.</summary>
    /// <param name="x">outer·axis·inner elements, row-major.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="axis">The length of the axis.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="indices">As many indices along the axis.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape.</exception>
    public static void MaximumIndices<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<int> indices)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(x, outer, axis, inner, indices.Length);
        for (int o = 0; o < outer; o++)
        {
            int start = o * axis * inner;
            for (int i = 0; i < inner; i++)
            {
                int best = 0;
                for (int a = 0; a < axis; a++)
                {
                    T value = x[start + a * inner + i], greatest = x[start + best * inner + i];
                    if (value >= greatest || T.IsNaN(value))
                        best = a;
                    indices[start + a * inner + i] = best;
                }
            }
        }
    }

    private static void Check<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, int results)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outer);
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        if (x.Length != (Int128)outer * axis * inner)
            throw new ArgumentException($"x has {x.Length} elements; expected {outer}·{axis}·{inner} (outer·axis·inner).", nameof(x));
        if (results != x.Length)
            throw new ArgumentException($"{results} results for {x.Length} elements; expected as many.", nameof(results));
    }
}
