using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>arctan(p/q) for p, q ≥ 0, between 0 and π/2: what arctan and atan2 share.</summary>
/// <remarks>
/// The quotient t of the lesser by the greater is taken down to |t| ≤ √2 − 1 by (t − 1)/(t + 1), in one division with numerator, denominator and
/// quotient in two parts; then t + t³P(t²) with a minimax P (exchange algorithm in 50 digits, relative error 2^−30.5 and 2^−64.2 of the result),
/// and the multiple of π/4, also in two parts.
/// </remarks>
internal static class ArcTangent<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>arctan(p/q); π/4 where both are infinite, 0 where both are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V p, V q)
    {
        V zero = V.Create(T.Zero), one = V.Create(T.One), infinity = V.Create(T.PositiveInfinity);
        V swap = V.GreaterThan(p, q);
        V less = V.Select(swap, q, p), more = V.Select(swap, p, q);
        V endless = V.Equal(more, infinity);
        less = V.Select(endless, V.Select(V.Equal(less, infinity), one, zero), less);
        more = V.Select(V.Or(endless, V.Equal(more, zero)), one, more);
        // Away from the format's ends, so that neither the sum overflows nor the remainder underflows.
        V scale = V.Select(
            V.GreaterThan(more, V.Constant(typeof(T) == typeof(float) ? 1.2676506002282294e30 : 1.0715086071862673e301)), // 2¹⁰⁰, 2¹⁰⁰⁰
            V.Constant(0.0625),
            V.Select(
                V.LessThan(more, V.Constant(typeof(T) == typeof(float) ? 8.077935669463161e-28 : 1.1830521861667747e-271)), // 2⁻⁹⁰, 2⁻⁹⁰⁰
                V.Constant(typeof(T) == typeof(float) ? 1.152921504606847e18 : 4.149515568880993e180), // 2⁶⁰, 2⁶⁰⁰
                one));
        less *= scale;
        more *= scale;

        V middle = V.GreaterThan(less, more * V.Constant(0.41421356237309503));
        V sum = more + less, difference = less - more;
        V top = V.Select(middle, difference, less);
        V topLow = V.Select(middle, less - (difference + more), zero);
        V bottom = V.Select(middle, sum, more);
        V bottomLow = V.Select(middle, less - (sum - more), zero);
        V t = top / bottom;
        V rest = (V.FusedMultiplyAdd(-t, bottom, top) + V.FusedMultiplyAdd(-t, bottomLow, topLow)) / bottom;
        V z = t * t;
        V c = V.FusedMultiplyAdd(t * z, typeof(T) == typeof(float) ? Single(z) : Double(z), rest);

        // 0 + θ, π/4 + θ, π/4 − θ or π/2 − θ with θ = t + c
        V high = V.Select(middle, V.Constant(0.7853981633974483), V.Select(swap, V.Constant(1.5707963267948966), zero));
        V low = V.Select(
            middle,
            V.Constant(typeof(T) == typeof(float) ? -2.1855694143368964e-08 : 3.061616997868383e-17),
            V.Select(swap, V.Constant(typeof(T) == typeof(float) ? -4.371138828673793e-08 : 6.123233995736766e-17), zero));
        t = V.Select(swap, -t, t);
        c = V.Select(swap, -c, c);
        V w = high + t;
        return w + ((t - (w - high)) + (low + c));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single(V z)
    {
        V p = V.Constant(-0.06078165024518967);
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.1059378907084465));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.14243529736995697));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.19998471438884735));
        return V.FusedMultiplyAdd(p, z, V.Constant(-0.33333316445350647));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double(V z)
    {
        V p = V.Constant(0.015206443269320944);
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.03348596921249642));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.04504066717567263));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.05218539160788728));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.05877044331485181));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.06666229283721771));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.07692282951248253));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.09090908154426443));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.11111111088509963));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.14285714285394824));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.19999999999997745));
        return V.FusedMultiplyAdd(p, z, V.Constant(-0.33333333333333326));
    }
}
