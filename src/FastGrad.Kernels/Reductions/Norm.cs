using System.Numerics;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>The p-norm (Σᵢ |xᵢ|ᵖ)^(1/p): 1, 2, ∞ and any p &gt; 0; 0 for no elements, NaN with a NaN.</summary>
/// <remarks>
/// <para>
/// The 2-norm overflows or vanishes only where its value does: where the sum of squares leaves the range in which it is accurate, it is
/// taken again, scaled by a power of two so that the greatest element lies in [1, 2). Its relative error is at most half of the sum's
/// (<see cref="Reduce"/>) and 2u.
/// </para>
/// <para>
/// Other p: powers are exp(p·log(|xᵢ|/2ᵏ)), scaled likewise; each has a relative error of (2 + p·|log(|xᵢ|/2ᵏ)|)·u.
/// </para>
/// </remarks>
public static class Norm
{
    /// <summary>√(Σᵢ xᵢ²).</summary>
    public static T Of<T>(ReadOnlySpan<T> x, Workers.WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T squares = SumOfSquares.Of(x, workers);
        return IsAccurate(squares) ? T.Sqrt(squares) : Scaled(ref MemoryMarshal.GetReference(x), x.Length, 1);
    }

    /// <summary>(Σᵢ |xᵢ|ᵖ)^(1/p).</summary>
    /// <param name="x">The elements.</param>
    /// <param name="p">The exponent, above 0; ∞ for the greatest magnitude.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not above 0.</exception>
    public static T Of<T>(ReadOnlySpan<T> x, double p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T result = default;
        Along(x, 1, x.Length, 1, p, new Span<T>(ref result));
        return result;
    }

    /// <summary>y[o, i] = the p-norm of x[o, ·, i].</summary>
    /// <param name="x">outer·axis·inner elements, row-major.</param>
    /// <param name="outer">The product of the dimensions before the axis.</param>
    /// <param name="axis">The length of the axis.</param>
    /// <param name="inner">The product of the dimensions after it.</param>
    /// <param name="p">The exponent, above 0; ∞ for the greatest magnitude.</param>
    /// <param name="y">outer·inner norms.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="p"/> is not above 0.</exception>
    /// <exception cref="ArgumentException">A length does not fit the shape, a dimension is negative, or the spans overlap.</exception>
    public static void Along<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, double p, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(p > 0))
            throw new ArgumentOutOfRangeException(nameof(p), p, "Expected an exponent above 0.");
        if (p == 1)
        {
            SumOfAbs.Along(x, outer, axis, inner, y, accumulate: false);
            return;
        }
        if (double.IsPositiveInfinity(p))
        {
            MaxAbs.Along(x, outer, axis, inner, y, accumulate: false);
            return;
        }
        if (p == 2)
            SumOfSquares.Along(x, outer, axis, inner, y, accumulate: false);
        else
            MaxAbs.Along(x, outer, axis, inner, y, accumulate: false);
        for (int line = 0; line < y.Length; line++)
        {
            if (p == 2 && IsAccurate(y[line]))
            {
                y[line] = T.Sqrt(y[line]);
                continue;
            }
            ref T first = ref System.Runtime.CompilerServices.Unsafe.Add(ref MemoryMarshal.GetReference(x), (nint)(line / inner) * axis * inner + line % inner);
            y[line] = p == 2 ? Scaled(ref first, axis, inner) : Powers(ref first, axis, inner, y[line], p);
        }
    }

    /// <summary>Whether no square that matters has overflowed or lost digits below the normal range.</summary>
    private static bool IsAccurate<T>(T squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        squares >= (typeof(T) == typeof(float) ? T.CreateTruncating(1e-25) : T.CreateTruncating(1e-280)) && T.IsFinite(squares);

    private static T Scaled<T>(ref T x, int axis, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T greatest = Line(default(MaxAbs<T>), ref x, axis, stride);
        if (greatest == T.Zero || !T.IsFinite(greatest))
            return greatest;
        T s = Scale(greatest);
        return T.Sqrt(Line(new SumOfScaledSquares<T>(s), ref x, axis, stride)) / s;
    }

    private static T Powers<T>(ref T x, int axis, int stride, T greatest, double p)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (greatest == T.Zero || !T.IsFinite(greatest))
            return greatest;
        T s = Scale(greatest);
        return Pow<T>.At(Line(new SumOfScaledPowers<T>(s, T.CreateTruncating(p)), ref x, axis, stride), T.CreateTruncating(1 / p)) / s;
    }

    private static T Line<TReduction, T>(TReduction reduction, ref T x, int axis, int stride)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (axis == 0)
            return TReduction.Empty;
        if (stride == 1)
            return FlatReduction.Of(reduction, ref x, ref x, (nuint)axis);
        T result = default;
        ColumnReduction.Of(reduction, ref x, ref x, (nuint)stride, (nuint)axis, 1, ref result);
        return result;
    }

    /// <summary>The power of two that takes a magnitude into [1, 2), as far as it is a normal number.</summary>
    private static T Scale<T>(T magnitude)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.ScaleB(T.One, Math.Clamp(-T.ILogB(magnitude), 1 - FloatFormat<T>.Bias, FloatFormat<T>.Bias));
}
