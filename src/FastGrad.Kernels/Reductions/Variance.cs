using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Kernels.Reductions;

/// <summary>Σᵢ (xᵢ − x̄)²/(n − c): the variance, with correction c = 1 unbiased, with c = 0 of the population.</summary>
/// <remarks>
/// In two passes, the mean first. With unit roundoff u, k = 39 + ⌈log₂⌈n/4096⌉⌉ and κ = √(Σx²/Σ(x − x̄)²), which is large where the mean
/// is far from 0, the relative error is at most (k + 5)u + (κ(k + 1)u)² to first order in each term (Chan, Golub, LeVeque 1983): the text-book
/// form Σx² − n·x̄² has κ²·u instead. NaN where n − c ≤ 0 and n ≤ c, as torch, which divides by max(0, n − c).
/// </remarks>
public static class Variance
{
    /// <summary>The variance of all elements.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="correction">What is subtracted from their number.</param>
    /// <param name="workers">The team to share a long span; none means the calling thread.</param>
    public static T Of<T>(ReadOnlySpan<T> x, int correction = 1, Workers.WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Reduce.All(new SquaredDeviations<T>(Mean.Of(x, workers)), x, workers) / T.CreateChecked(Math.Max(0, x.Length - correction));

    /// <summary>y[o, i] = the variance of x[o, ·, i], and mean[o, i] their mean.</summary>
    /// <param name="x">outer·axis·inner elements, row-major.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="axis">The length of the axis.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="correction">What is subtracted from the length of the axis.</param>
    /// <param name="mean">outer·inner means.</param>
    /// <param name="y">outer·inner variances; no memory of the others.</param>
    /// <exception cref="ArgumentException">A length does not fit the shape, a dimension is negative, or the spans overlap.</exception>
    public static unsafe void Along<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, int correction, Span<T> mean, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AxisCheck.Shape(x, outer, axis, inner, (ReadOnlySpan<T>)y);
        SpanCheck.SameLength(mean, y);
        SpanCheck.Disjoint<T>(mean, y);
        SpanCheck.Disjoint<T>(x, y);
        Mean.Along(x, outer, axis, inner, mean);
        fixed (T* px = x, pm = mean, py = y)
        {
            for (int o = 0; o < outer && axis > 0; o++)
            {
                nint at = (nint)o * axis * inner, row = (nint)o * inner;
                if (inner == 1)
                {
                    y[o] = FlatReduction.Of(new SquaredDeviations<T>(mean[o]), ref px[at], ref px[at], (nuint)axis);
                    continue;
                }
                for (int i = 0; i < inner; i += Reduce.RowLength)
                    Columns(px + at + i, pm + row + i, py + row + i, axis, inner, Math.Min(Reduce.RowLength, inner - i));
            }
        }
        if (axis == 0)
            y.Clear();
        Binary.Apply(new Elementwise.Operators.Divide<T>(), y, [T.CreateChecked(Math.Max(0, axis - correction))], y);
    }

    [System.Runtime.CompilerServices.SkipLocalsInit]
    private static unsafe void Columns<T>(T* x, T* mean, T* y, int rows, int stride, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        System.Runtime.CompilerServices.Unsafe.SkipInit(out Row<T> unused);
        TwinSum.Columns<ColumnDeviations<T>, T>(new(x, mean), (nuint)stride, 0, (nuint)rows, (nuint)columns, ref *y, ref unused.First);
    }
}
