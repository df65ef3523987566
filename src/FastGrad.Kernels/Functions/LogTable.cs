using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>The logarithm in float: x = 2ᵏ·m, log x = k·ln 2 − log c + log(1 + f) with f = m·c − 1 and c ≈ 1/m from a table of 16.</summary>
/// <remarks>
/// m lies in [1, 2), and the four leading bits of its fraction name c, so AVX-512 needs three instructions for k, m and the table's index. The first
/// interval has c = 1, the last c = ½, and so no digits are lost on either side of 1. The other c are chosen such that log c is within 1/10 000 ulp of a float:
/// log c itself up to √2, above log 2c and the float that ln 2 is, which is what k = −1 takes away again.
/// −1/32 ≤ f ≤ 1/16; (log(1 + f) − f)/f² is a minimax fit (exchange algorithm in 50 digits), error 2^−28.2 of the result.
/// </remarks>
internal static class LogTable<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static ReadOnlySpan<float> Reciprocals =>
    [
        1f, 0.9139088f, 0.8645959f, 0.82066107f, 0.78044915f, 0.7446572f, 0.7110863f, 0.6805705f,
        0.65325683f, 0.6278904f, 0.60379475f, 0.5820979f, 0.56145704f, 0.5422814f, 0.52460736f, 0.5f,
    ];

    private static ReadOnlySpan<float> Logarithms =>
    [
        0f, 0.090024516f, 0.14549306f, 0.19764508f, 0.24788569f, 0.29483128f, 0.34096152f, 0.3848239f,
        0.42578492f, 0.46538964f, 0.50452095f, 0.54111665f, 0.57722f, 0.61197025f, 0.6451052f, 0.6931472f,
    ];

    // ln 2 for an exponent, as Split counts it.
    private static V Ln2
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Constant(V.SplitsAll ? 0.6931471805599453 : 0.6931471805599453 / 8388608);
    }

    /// <summary>log x for normal positive x, and for every x where <see cref="ISimdVector{V,T}.SplitsAll"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x)
    {
        V m = Split(x, out V k), index = V.ShiftRight(m, 19);
        return Sum(Reduced(m, index), index, k);
    }

    /// <summary>log(x·2^−shift) for normal positive x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of(V x, V shift)
    {
        V m = Split(x, out V k), index = V.ShiftRight(m, 19);
        return Sum(Reduced(m, index), index, k - (V.SplitsAll ? shift : shift * V.Constant(8388608)));
    }

    /// <summary>log(x + low) for normal positive x and |low| ≤ ½ ulp of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfSum(V x, V low)
    {
        V m = Split(x, out V k), index = V.ShiftRight(m, 19);
        V c = V.Lookup(in FloatFormat<T>.Table(Reciprocals), index);
        V f = V.FusedMultiplyAdd(m, c, V.Constant(-1));
        // The bits of 1 less k in the exponent are 2⁻ᵏ; at k = 127 they are 0, where low no longer counts.
        V rest = low * V.SubtractBits(V.Create(T.One), V.SubtractBits(x, m)) * c;
        rest = V.FusedMultiplyAdd(-rest, f, rest); // the slope 1/(1 + f)
        // f + rest + f²·q, summed from the small end: f·(1 + f·q) would round twice, and with the rest three times.
        return Whole(index, k) + (f + V.FusedMultiplyAdd(f * f, Quadratic(f), rest));
    }

    // x = 2ᵏ·m. Without the instructions for it, k comes as it lies in the bits, times 2²³.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Split(V x, out V k)
    {
        if (V.SplitsAll)
        {
            k = V.Exponent(x);
            return V.Mantissa(x);
        }
        V power = V.BitAnd(V.SubtractBits(x, V.Create(T.One)), V.Create(T.NegativeInfinity)); // its bits are those of sign and exponent
        k = V.FromInteger(power);
        return V.SubtractBits(x, power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduced(V m, V index) => V.FusedMultiplyAdd(m, V.Lookup(in FloatFormat<T>.Table(Reciprocals), index), V.Constant(-1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum(V f, V index, V k) => V.FusedMultiplyAdd(f, V.FusedMultiplyAdd(f, Quadratic(f), V.Create(T.One)), Whole(index, k));

    // k·ln 2 − log c
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Whole(V index, V k) => V.FusedMultiplyAdd(k, Ln2, V.Lookup(in FloatFormat<T>.Table(Logarithms), index));

    // (log(1 + f) − f)/f²
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quadratic(V f)
    {
        V q = V.Constant(0.18855230510234833);
        q = V.FusedMultiplyAdd(q, f, V.Constant(-0.25006669759750366));
        q = V.FusedMultiplyAdd(q, f, V.Constant(0.333344429731369));
        return V.FusedMultiplyAdd(q, f, V.Constant(-0.5));
    }
}
