using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>The logarithm in float: x = 2ᵏ·m, log x = k·ln 2 − log c + log(1 + f) with f = m·c − 1 and c ≈ 1/m from a table of 16.</summary>
/// <remarks>
/// m lies in 0.7…1.4, and the interval around 1 has c = 1, so no digits are lost where log x is small. The other c are chosen such that
/// log c is within 1/4000 ulp of a float. |f| ≤ 0.0297; (log(1 + f) − f)/f² is a minimax fit (exchange algorithm in 50 digits), error 2^−31.8 of the result.
/// </remarks>
internal static class LogTable<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static ReadOnlySpan<float> Reciprocals =>
    [
        1.3991581f, 1.3400596f, 1.2865453f, 1.236972f, 1.1908499f, 1.1479026f, 1.1081334f, 1.0713822f,
        1.0363605f, 1f, 0.94808525f, 0.8950551f, 0.8477693f, 0.8048529f, 0.7666198f, 0.7313842f,
    ];

    private static ReadOnlySpan<float> Logarithms =>
    [
        -0.3358707f, -0.29271412f, -0.25196055f, -0.21266644f, -0.17466725f, -0.13793646f, -0.10267701f, -0.06894956f,
        -0.03571506f, 0f, 0.053310856f, 0.11086998f, 0.16514671f, 0.21709575f, 0.2657643f, 0.31281635f,
    ];

    // The bits of 0.7, the least m.
    private const int First = 0x3F33_0000;

    /// <summary>log x for normal positive x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x)
    {
        V place = V.AddBits(x, V.Create(FloatFormat<T>.FromBits(-First)));
        V power = V.BitAnd(place, V.Create(FloatFormat<T>.FromBits(unchecked((int)0xFF80_0000))));
        V index = V.ShiftRight(place, 19);
        return Sum(Reduced(V.SubtractBits(x, power), index), index, V.FromInteger(power));
    }

    /// <summary>log(x·2^−shift) for normal positive x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x, V shift)
    {
        V place = V.AddBits(x, V.Create(FloatFormat<T>.FromBits(-First)));
        V power = V.BitAnd(place, V.Create(FloatFormat<T>.FromBits(unchecked((int)0xFF80_0000))));
        V index = V.ShiftRight(place, 19);
        return Sum(Reduced(V.SubtractBits(x, power), index), index, V.FromInteger(power) - shift * V.Constant(8388608));
    }

    /// <summary>log(x + low) for normal positive x and |low| ≤ ½ ulp of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfSum(V x, V low)
    {
        V place = V.AddBits(x, V.Create(FloatFormat<T>.FromBits(-First)));
        V power = V.BitAnd(place, V.Create(FloatFormat<T>.FromBits(unchecked((int)0xFF80_0000))));
        V index = V.ShiftRight(place, 19);
        V c = V.Lookup(in FloatFormat<T>.Table(Reciprocals), index);
        V f = V.FusedMultiplyAdd(V.SubtractBits(x, power), c, V.Constant(-1));
        // The bits of 2 less k in the exponent are 2¹⁻ᵏ; at k = 128 they are 0, where low no longer counts.
        V rest = low * V.SubtractBits(V.Constant(2), power) * V.Constant(0.5) * c;
        rest = V.FusedMultiplyAdd(-rest, f, rest); // the slope 1/(1 + f)
        // f + rest + f²·q, summed from the small end: f·(1 + f·q) would round twice, and with the rest three times.
        return Whole(index, V.FromInteger(power)) + (f + V.FusedMultiplyAdd(f * f, Quadratic(f), rest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduced(V m, V index) => V.FusedMultiplyAdd(m, V.Lookup(in FloatFormat<T>.Table(Reciprocals), index), V.Constant(-1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum(V f, V index, V k) => V.FusedMultiplyAdd(f, V.FusedMultiplyAdd(f, Quadratic(f), V.Create(T.One)), Whole(index, k));

    // k·ln 2 − log c; k comes as it lies in the bits, times 2²³.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Whole(V index, V k) =>
        V.FusedMultiplyAdd(k, V.Constant(0.6931471805599453 / 8388608), V.Lookup(in FloatFormat<T>.Table(Logarithms), index));

    // (log(1 + f) − f)/f²
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quadratic(V f)
    {
        V q = V.Constant(0.2002161741256714);
        q = V.FusedMultiplyAdd(q, f, V.Constant(-0.25016677379608154));
        q = V.FusedMultiplyAdd(q, f, V.Constant(0.33333325386047363));
        return V.FusedMultiplyAdd(q, f, V.Constant(-0.4999999701976776));
    }
}
