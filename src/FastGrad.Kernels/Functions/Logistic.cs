using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>x·σ(z) = x/(1 + e^−z), what SiLU and the tanh form of GELU share, with one rounding that counts.</summary>
/// <remarks>
/// The exponential, the denominator and the quotient each leave half an ulp, and the three add up to more than 2 ulp where their digits lie badly. So all three
/// come in two parts: e + low from the exponential's own sum, d + low from the sum with 1, and the quotient q = x·r, r = 1/d, takes one step of correction
/// by the remainder x − q·(d + low). One form serves both signs: for negative x the denominator grows, and no digits are lost.
/// </remarks>
internal static class Logistic<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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
        V e = V.FusedMultiplyAdd(scale, p, scale), low = V.FusedMultiplyAdd(scale, p, scale - e);
        V d = one + e;
        low += V.Min(one, e) - (d - V.Max(one, e));
        V r = one / d;
        V q = x * r;
        V excess = V.FusedMultiplyAdd(q, low, V.FusedMultiplyAdd(q, d, -x)); // its sign is such that −0 stays
        return V.FusedMultiplyAdd(-excess, r, q);
    }
}
