using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>What log and log1p share: x = 2ᵏ·m with √½ ≤ m &lt; √2, and k·ln 2 + log(1 + f) for f = m − 1.</summary>
/// <remarks>
/// Polynomials are minimax fits (exchange algorithm in 50 digits), relative error 2^−30 (float) and 2^−59.5 (double) of the result
/// before rounding. Double goes by s = f / (2 + f): log(1 + f) = 2 artanh s = f − s·(f − R), R = 2 artanh s / s − 2, a series in s².
/// </remarks>
internal static class LogPolynomial<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Splits positive normal x, or every x where <see cref="ISimdVector{V,T}.SplitsAll"/>, into 2ᵏ·m, √½ ≤ m &lt; √2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Split(V x, out V k)
    {
        V m = V.Mantissa(x);
        V e = V.Exponent(x);
        V high = V.GreaterThan(m, V.Constant(1.4142135623730951));
        k = V.Select(high, e + V.Create(T.One), e);
        return V.Select(high, m * V.Constant(0.5), m);
    }

    /// <summary>log x for normal positive x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x) => Sum(Split(x, out V k) - V.Create(T.One), k);

    /// <summary>log(x·2^−shift) for normal positive x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x, V shift) => Sum(Split(x, out V k) - V.Create(T.One), k - shift);

    /// <summary>k·ln 2 + log(1 + f).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sum(V f, V k)
    {
        V half = f * f * V.Constant(0.5);
        if (typeof(T) == typeof(float))
        {
            V small = V.FusedMultiplyAdd(f * f * f, Single(f), k * V.Constant(3.194618329871446e-05)); // ln 2 less its first 12 bits
            return V.FusedMultiplyAdd(k, V.Constant(0.693115234375), f - (half - small));
        }
        V s = f / (V.Constant(2) + f);
        V tail = V.FusedMultiplyAdd(s, half + Double(s * s), k * V.Constant(1.9082149292705877e-10)); // ln 2 less its first 32 bits
        return V.FusedMultiplyAdd(k, V.Constant(0.6931471803691238), f - (half - tail));
    }

    /// <summary>log(1 + f) − f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Rest(V f)
    {
        V half = f * f * V.Constant(0.5);
        if (typeof(T) == typeof(float))
            return V.FusedMultiplyAdd(f * f * f, Single(f), -half);
        V s = f / (V.Constant(2) + f);
        return V.FusedMultiplyAdd(s, half + Double(s * s), -half);
    }

    // (log(1 + f) − f + f²/2) / f³
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single(V f)
    {
        V p = V.Constant(0.06856446713209152);
        p = V.FusedMultiplyAdd(p, f, V.Constant(-0.1170835793018341));
        p = V.FusedMultiplyAdd(p, f, V.Constant(0.11848897486925125));
        p = V.FusedMultiplyAdd(p, f, V.Constant(-0.12393920123577118));
        p = V.FusedMultiplyAdd(p, f, V.Constant(0.14223669469356537));
        p = V.FusedMultiplyAdd(p, f, V.Constant(-0.16669143736362457));
        p = V.FusedMultiplyAdd(p, f, V.Constant(0.2000197321176529));
        p = V.FusedMultiplyAdd(p, f, V.Constant(-0.2499997615814209));
        return V.FusedMultiplyAdd(p, f, V.Constant(0.3333331346511841));
    }

    // 2 artanh(s)/s − 2, in z = s²
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double(V z)
    {
        V p = V.Constant(0.1479536079106129);
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.1531411117051245));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.18183561877522025));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.2222219862211137));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.2857142874188875));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.3999999999941706));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.6666666666666734));
        return p * z;
    }
}
