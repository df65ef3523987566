using System.Numerics;

namespace FastGrad.Kernels.Functions;

/// <summary>The remainder of a huge angle by π/2, exact for every binary64 number.</summary>
/// <remarks>
/// Payne and Hanek 1983, "Radian reduction for trigonometric functions". With |x| = M·2ᵉ only the bits of 2/π that weigh between 4
/// and 2⁻¹³⁷ in the product matter; higher ones are whole turns. No remainder of a binary64 number is below 2⁻⁶².
/// </remarks>
internal static class HugeAngle
{
    // A zero word, then the first 1280 bits of 2/π.
    private static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0,
        0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561,
        0xB7246E3A424DD2E0, 0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484,
        0xE99C7026B45F7E41, 0x3991D639835339F4, 0x9C845F8BBDF9283B, 0x1FF897FFDE05980F,
        0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D, 0x7527BAC7EBE5F17B,
        0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB, 0xF0CFBC209AF4361D,
    ];

    /// <summary>x = n·π/2 + (high + low) modulo 2π, n in −4…4. For |x| ≥ 2⁻¹⁰; NaN for an infinity.</summary>
    public static int Reduce(double x, out double high, out double low)
    {
        if (!double.IsFinite(x))
        {
            high = low = double.NaN;
            return 0;
        }
        long bits = BitConverter.DoubleToInt64Bits(x);
        int e = (int)(bits >>> 52 & 0x7FF) - 1075;
        ulong m = (ulong)bits & 0x000F_FFFF_FFFF_FFFF | 0x0010_0000_0000_0000;

        // 192 bits of 2/π from the one that weighs 2 with 2ᵉ, times M, modulo 4.
        int first = e - 2 + 64;
        ulong f2 = Word(first), f1 = Word(first + 64), f0 = Word(first + 128);
        UInt128 p0 = (UInt128)m * f0;
        UInt128 p1 = (UInt128)m * f1 + (p0 >> 64);
        ulong w0 = (ulong)p0, w1 = (ulong)p1, w2 = m * f2 + (ulong)(p1 >> 64);

        // Two bits of quadrant, then 190 of fraction, taken to [−½, ½).
        int n = (int)(w2 >> 62);
        UInt128 fraction = ((UInt128)w2 << 64 | w1) << 2 | w0 >> 62;
        ulong rest = w0 << 2;
        bool negative = fraction >> 127 != 0;
        if (negative)
        {
            n++;
            fraction = ~fraction + (rest == 0 ? UInt128.One : UInt128.Zero);
            rest = 0 - rest;
        }

        int zeros = (int)UInt128.LeadingZeroCount(fraction); // at most 64
        if (zeros != 0)
            fraction = fraction << zeros | (UInt128)rest >> 64 - Math.Min(zeros, 64);
        double scale = BitConverter.Int64BitsToDouble((long)(1023 - 53 - zeros) << 52);
        double h = (double)(ulong)(fraction >> 75) * scale; // the leading 53 bits
        double l = (double)(ulong)(fraction >> 22 & 0x1F_FFFF_FFFF_FFFF) * (scale * (1.0 / (1L << 53)));

        // (h + l)·π/2
        const double p = 1.5707963267948966, q = 6.123233995736766e-17;
        double product = h * p;
        double error = Math.FusedMultiplyAdd(h, p, -product) + Math.FusedMultiplyAdd(h, q, l * p);
        high = product + error;
        low = error - (high - product);
        if (negative != x < 0)
        {
            high = -high;
            low = -low;
        }
        return x < 0 ? -n : n;
    }

    private static ulong Word(int bit)
    {
        int word = bit >> 6, shift = bit & 63;
        return shift == 0 ? TwoOverPi[word] : TwoOverPi[word] << shift | TwoOverPi[word + 1] >> 64 - shift;
    }
}
