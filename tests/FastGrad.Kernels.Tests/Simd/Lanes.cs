using System.Numerics;

namespace FastGrad.Kernels.Tests.Simd;

/// <summary>Numbers on which operations differ if they differ at all.</summary>
internal static class Lanes
{
    public static T[] Specials<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T max = T.BitDecrement(T.PositiveInfinity);
        T normal = typeof(T) == typeof(float) ? T.CreateTruncating(1.17549435E-38f) : T.CreateTruncating(2.2250738585072014E-308);
        T[] positive =
        [
            T.Zero, T.Epsilon, T.BitDecrement(normal), normal, T.CreateTruncating(0.25), T.CreateTruncating(0.49999997), T.CreateTruncating(0.5),
            T.BitDecrement(T.One), T.One, T.BitIncrement(T.One), T.CreateTruncating(1.5), T.CreateTruncating(2.5), T.CreateTruncating(3.7),
            T.CreateTruncating(8388607.5), T.CreateTruncating(4503599627370495.5), max, T.PositiveInfinity,
        ];
        return [.. positive, .. positive.Select(x => -x), T.NaN];
    }

    /// <summary>Bit patterns drawn evenly, so that all exponents occur, infinities and NaNs included.</summary>
    public static T[] Patterns<T>(int count, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[count];
        ulong state = seed * 0x9E3779B97F4A7C15 + 1;
        for (int i = 0; i < count; i++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            ulong bits = state ^ state >> 32;
            values[i] = typeof(T) == typeof(float)
                ? T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)bits))
                : T.CreateTruncating(BitConverter.UInt64BitsToDouble(bits));
        }
        return values;
    }

    /// <summary>The bits of a number. Arithmetic may give any NaN, so all NaNs count as one there.</summary>
    public static ulong Bits<T>(T x, bool exact = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !exact && T.IsNaN(x) ? ulong.MaxValue
        : typeof(T) == typeof(float) ? BitConverter.SingleToUInt32Bits((float)(object)x)
        : BitConverter.DoubleToUInt64Bits((double)(object)x);
}
