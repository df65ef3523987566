using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FastGrad.Kernels.Simd;

/// <summary>a·b + c rounded once, on every machine: by one instruction where there is one, else exactly by other means.</summary>
/// <remarks>
/// The AVX2 and AVX-512 rungs of <see cref="Isa"/> always have the instruction. 128-bit x86 (SSE4.2) has not; there the
/// binary32 product is exact in binary64, its sum with c is rounded to odd, and rounding that to binary32 is correct, since
/// 53 ≥ 2·24 + 2 (Boldo and Melquiond 2008, "Emulation of a FMA and correctly-rounded sums: proved algorithms using rounding to odd").
/// </remarks>
internal static class ExactFma
{
    /// <summary>Whether one instruction does it for 128-bit vectors.</summary>
    public static bool HasHardware => Fma.IsSupported || AdvSimd.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Compute(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Compute(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Compute(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Compute(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Compute(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        HasHardware ? Vector128.FusedMultiplyAdd(a, b, c) : ThroughDouble(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Compute(Vector128<double> a, Vector128<double> b, Vector128<double> c) =>
        HasHardware
            ? Vector128.FusedMultiplyAdd(a, b, c)
            : Vector128.Create(
                Math.FusedMultiplyAdd(a.ToScalar(), b.ToScalar(), c.ToScalar()),
                Math.FusedMultiplyAdd(a.GetElement(1), b.GetElement(1), c.GetElement(1)));

    /// <summary>The binary32 operation by way of binary64, for machines without the instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ThroughDouble(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.Narrow(
            SumRoundedToOdd(Vector128.WidenLower(a) * Vector128.WidenLower(b), Vector128.WidenLower(c)),
            SumRoundedToOdd(Vector128.WidenUpper(a) * Vector128.WidenUpper(b), Vector128.WidenUpper(c)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> SumRoundedToOdd(Vector128<double> p, Vector128<double> c)
    {
        Vector128<double> s = p + c;
        Vector128<double> t = s - p;
        Vector128<double> error = (p - (s - t)) + (c - t); // Knuth's TwoSum: s + error = p + c exactly

        // An inexact sum with an even last bit moves one step towards the error. NaN errors (infinite sums) move nothing.
        Vector128<long> inexact = (Vector128.GreaterThan(error, Vector128<double>.Zero) | Vector128.LessThan(error, Vector128<double>.Zero)).AsInt64();
        Vector128<long> even = Vector128.Equals(s.AsInt64() & Vector128<long>.One, Vector128<long>.Zero);
        Vector128<long> step = Vector128.ConditionalSelect(
            Vector128.GreaterThan(s.AsInt64() ^ error.AsInt64(), -Vector128<long>.One), // equal signs: away from zero
            Vector128<long>.One,
            -Vector128<long>.One);
        return (s.AsInt64() + (step & inexact & even)).AsDouble();
    }
}
