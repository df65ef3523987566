using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>x·σ(z) = x/(1 + e^−z), what sigmoid, SiLU and the tanh form of GELU share, with two roundings in float.</summary>
/// <remarks>
/// The exponential comes as scale·(1 + p), where scale is a table's entry in float and |p| ≤ 0.022. What 1 + scale loses is known exactly and joins scale·p,
/// so that the denominator is rounded once and the quotient once: 1.5 ulp and the polynomial's error. One form serves both signs: for negative z the
/// denominator grows, and no digits are lost. In double p is a third, and its own rounding counts: there the denominator keeps what it loses, d + low, and the
/// quotient q = x·r, r = 1/d, takes one step of correction by the remainder x − q·(d + low).
/// </remarks>
internal static class Logistic<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Up to here e^|z| is below 2²⁴, so that 1 + e^−z needs no question which is the greater.</summary>
    public static double Bound
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? 16 : ExpCore<V, T>.Bound;
    }

    /// <summary>x/(1 + e^−z) for |z| ≤ <see cref="Bound"/>: the bits of <see cref="Weighted(V, V)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V WeightedNear(V x, V z)
    {
        if (typeof(T) != typeof(float))
            return Weighted(x, z);
        V one = V.Create(T.One);
        V scale = ExpCore<V, T>.NormalParts(-z, out V p), whole = one + scale;
        return x / (whole + V.FusedMultiplyAdd(scale, p, scale - (whole - one)));
    }

    /// <summary>x/(1 + e^−(z + low)) for |z| ≤ <see cref="ExpCore{V,T}.Bound"/> and small |low|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Weighted(V x, V z, V low)
    {
        V scale = ExpCore<V, T>.NormalParts(-z, -low, out V p);
        return Quotient(x, scale, p);
    }

    /// <summary>x/(1 + e^−z) for |z| ≤ <see cref="ExpCore{V,T}.Bound"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Weighted(V x, V z)
    {
        V scale = ExpCore<V, T>.NormalParts(-z, out V p);
        return Quotient(x, scale, p);
    }

    // x/(1 + scale·(1 + p))
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quotient(V x, V scale, V p)
    {
        V one = V.Create(T.One);
        if (typeof(T) == typeof(float))
        {
            V whole = one + scale, lost = V.Min(one, scale) - (whole - V.Max(one, scale));
            return x / (whole + V.FusedMultiplyAdd(scale, p, lost));
        }
        V e = V.FusedMultiplyAdd(scale, p, scale), low = V.FusedMultiplyAdd(scale, p, scale - e);
        V d = one + e;
        low += V.Min(one, e) - (d - V.Max(one, e));
        V r = one / d;
        V q = x * r;
        V excess = V.FusedMultiplyAdd(q, low, V.FusedMultiplyAdd(q, d, -x)); // its sign is such that −0 stays
        return V.FusedMultiplyAdd(-excess, r, q);
    }
}
