using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>The exponential in float: x = (16k + j)·ln 2/16 + r, eˣ = 2ᵏ·2^(j/16)·eʳ with a table of 16 and a cubic.</summary>
/// <remarks>
/// A table that one permutation reads takes the place of three terms of the polynomial: |r| ≤ ln 2/32. Where the entry is 1 it is exact, and
/// elsewhere the result is above it, so its half ulp counts half at most. r is exact but for the last product. The cubic is a minimax fit (exchange
/// algorithm in 50 digits), relative error 2^−29.2. Machines without permutations read lane by lane.
/// </remarks>
internal static class ExpTable<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // 2^(j/16)
    private static ReadOnlySpan<float> Powers =>
    [
        1f, 1.0442737f, 1.0905077f, 1.1387886f, 1.1892071f, 1.2418578f, 1.2968396f, 1.3542556f,
        1.4142135f, 1.4768262f, 1.5422108f, 1.6104903f, 1.6817929f, 1.7562522f, 1.8340081f, 1.9152066f,
    ];

    // The bits of the powers less j·2¹⁹: the low bits of n, moved up by 19, add that again, and k to the exponent.
    private static ReadOnlySpan<int> Steps =>
    [
        0x3F800000, 0x3F7DAAC3, 0x3F7B95C2, 0x3F79C3D3, 0x3F7837F0, 0x3F76F532, 0x3F75FED7, 0x3F75583F,
        0x3F7504F3, 0x3F7508A4, 0x3F75672A, 0x3F76248C, 0x3F7744FD, 0x3F78CCDF, 0x3F7AC0C7, 0x3F7D257D,
    ];

    // The same times 2⁶⁴, so that the exponent stays in the normal range down to where eˣ rounds to 0.
    private static ReadOnlySpan<int> LiftedSteps =>
    [
        0x5F800000, 0x5F7DAAC3, 0x5F7B95C2, 0x5F79C3D3, 0x5F7837F0, 0x5F76F532, 0x5F75FED7, 0x5F75583F,
        0x5F7504F3, 0x5F7508A4, 0x5F75672A, 0x5F76248C, 0x5F7744FD, 0x5F78CCDF, 0x5F7AC0C7, 0x5F7D257D,
    ];

    // What rounding took from the powers, relative to them.
    private static ReadOnlySpan<float> Rest =>
    [
        0f, 4.628547e-08f, -1.19921575e-08f, 4.7297824e-08f, 3.193418e-08f, 3.6210572e-08f, -3.099072e-08f, -7.475213e-09f,
        1.7114271e-08f, -3.0476834e-08f, 5.233334e-09f, 6.1075918e-09f, -1.4719605e-08f, -5.258795e-09f, -6.1282597e-09f, 5.1406093e-09f,
    ];

    private const double Unlift = 5.421010862427522e-20; // 2⁻⁶⁴

    /// <summary>x = (16k + j)·ln 2/16 + r: eʳ − 1, and n = 16k + j, also in the low bits of <paramref name="bits"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Minus1(V x, out V bits, out V n)
    {
        V magic = V.Constant(12582912); // 1.5·2²³
        bits = V.FusedMultiplyAdd(x, V.Constant(23.083120654223414), magic); // 16 / ln 2
        n = bits - magic;
        V r = V.FusedMultiplyAdd(n, V.Constant(-0.043321698904037476), x); // ln 2 / 16
        r = V.FusedMultiplyAdd(n, V.Constant(1.190408937473605e-10), r);
        return V.FusedMultiplyAdd(r * r, V.FusedMultiplyAdd(V.Constant(0.16667059063911438), r, V.Constant(0.5000162124633789)), r);
    }

    /// <summary>2^(n/16), a normal number: a table and two integer operations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Power(V bits) => V.AddBits(V.Lookup(in FloatFormat<T>.Table(Steps), bits), V.ShiftLeft(bits, 19));

    /// <summary>eˣ for |x| ≤ 87, where it is a normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Normal(V x)
    {
        V p = Minus1(x, out V bits, out _), power = Power(bits);
        return V.FusedMultiplyAdd(power, p, power);
    }

    /// <summary>eˣ = scale·(1 + p) for |x| ≤ 87, with both parts of the table's entry: good to 2^−29.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NormalParts(V x, out V p)
    {
        p = Minus1(x, out V bits, out _) + V.Lookup(in FloatFormat<T>.Table(Rest), bits);
        return Power(bits);
    }

    /// <summary>eˣ = power·(1 + p)·2^(n/16), to be scaled by <c>ScaleByFloor(…, n/16)</c>, for |x| ≤ 120.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V EveryParts(V x, out V p, out V n)
    {
        p = Minus1(x, out V bits, out n) + V.Lookup(in FloatFormat<T>.Table(Rest), bits);
        return V.Lookup(in FloatFormat<T>.Table(Powers), bits);
    }

    /// <summary>eˣ for every x: the same bits where <see cref="Normal"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Every(V x)
    {
        // The constant is the first operand: the second, x, comes through where it is NaN.
        V p = Minus1(V.Min(V.Constant(100), V.Max(V.Constant(-120), x)), out V bits, out V n), power = V.Lookup(in FloatFormat<T>.Table(Powers), bits);
        return V.ScaleByFloor(V.FusedMultiplyAdd(power, p, power), n * V.Constant(0.0625));
    }

    /// <summary>eˣ for x ≤ 0, with the bits of <see cref="Every"/>: one maximum and one product more than <see cref="Normal"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Falling(V x)
    {
        V p = Minus1(V.Max(V.Constant(-120), x), out V bits, out _), power = Lifted(bits);
        return V.FusedMultiplyAdd(power, p, power) * V.Constant(Unlift);
    }

    /// <summary>As <see cref="Falling"/>, with the bits of <see cref="SharpEvery(V)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SharpFalling(V x)
    {
        V p = Minus1(V.Max(V.Constant(-120), x), out V bits, out _), power = Lifted(bits);
        return V.FusedMultiplyAdd(power, p + V.Lookup(in FloatFormat<T>.Table(Rest), bits), power) * V.Constant(Unlift);
    }

    /// <summary>As <see cref="Every"/>, with the table's entries in two parts: 0.55 ulp, for functions that have more to round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SharpEvery(V x)
    {
        V p = Minus1(V.Min(V.Constant(100), V.Max(V.Constant(-120), x)), out V bits, out V n), power = V.Lookup(in FloatFormat<T>.Table(Powers), bits);
        return V.ScaleByFloor(V.FusedMultiplyAdd(power, p + V.Lookup(in FloatFormat<T>.Table(Rest), bits), power), n * V.Constant(0.0625));
    }

    /// <summary>e^(x + low) for |x| ≤ 120 and small |low|.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SharpEvery(V x, V low)
    {
        V p = Minus1(x, out V bits, out V n), power = V.Lookup(in FloatFormat<T>.Table(Powers), bits);
        p = V.FusedMultiplyAdd(low, p, p + low) + V.Lookup(in FloatFormat<T>.Table(Rest), bits); // e^(r + low) − 1
        return V.ScaleByFloor(V.FusedMultiplyAdd(power, p, power), n * V.Constant(0.0625));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Lifted(V bits) => V.AddBits(V.Lookup(in FloatFormat<T>.Table(LiftedSteps), bits), V.ShiftLeft(bits, 19));
}
