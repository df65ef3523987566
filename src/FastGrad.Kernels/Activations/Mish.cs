using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Mish: y = x·tanh(log(1 + eˣ)).</summary>
/// <remarks>
/// Misra 2019, arXiv:1908.08681. With e = e⁻ˣ: x·(1 + 2e)/(1 + 2e + 2e²), numerator, denominator and quotient in two parts; x·eˣ far out, where only the result is
/// rounded into the denormals. Error below 1.6 ulp. −0 for x → −∞, x for x → ∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Mish<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>t + x·(1 − t)·(1 + t)·σ(x) with t = tanh(log(1 + eˣ)), by e = e^−|x|. Relative to max(|y′|, 0.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One), two = V.Constant(2);
        V b = V.Min(V.Constant(1024), V.Max(V.Constant(-1024), x)); // an infinity must not meet e = 0
        V e = Exp<T>.Of(-V.Abs(b));
        V negative = V.LessThan(b, V.Create(T.Zero));
        V top = V.Select(negative, e * (e + two), V.FusedMultiplyAdd(two, e, one));
        V rest = V.Select(negative, two, two * e * e);
        V d = top + rest;
        V t = top / d;
        V rise = b * (rest / d) * (one + t);
        return V.FusedMultiplyAdd(rise, V.Select(negative, e, one) / (one + e), t);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One), bound = V.Constant(typeof(T) == typeof(float) ? 40 : 320); // beyond, eˣ is far below an ulp of 1
        V b = V.Min(bound, V.Max(-bound, x));
        V scale = ExpCore<V, T>.NormalParts(-b, out V p);
        V e = V.FusedMultiplyAdd(scale, p, scale), eLow = V.FusedMultiplyAdd(scale, p, scale - e);
        V twice = e + e, twiceLow = eLow + eLow;

        Wide<V, T> sum = Wide<V, T>.Sum(one, twice); // 1 + 2e
        V sumLow = sum.Low + twiceLow;
        V square = twice * e, squareLow = V.FusedMultiplyAdd(twice, e, -square) + (twice + twice) * eLow; // 2e²
        Wide<V, T> whole = Wide<V, T>.Sum(sum.High, square);
        V wholeLow = whole.Low + (sumLow + squareLow);
        V top = b * sum.High, topLow = V.FusedMultiplyAdd(b, sum.High, -top) + b * sumLow;

        V r = one / whole.High, q = top * r;
        V excess = V.FusedMultiplyAdd(q, whole.High, -top) + V.FusedMultiplyAdd(q, wholeLow, -topLow); // its sign is such that −0 stays
        V near = V.FusedMultiplyAdd(-excess, r, q);
        V far = V.Select(V.LessThan(x, bound), ExpCore<V, T>.Weighted(V.Max(V.Constant(-1024), x)), x);
        return V.Select(V.LessThanOrEqual(V.Abs(x), bound), near, far);
    }
}
