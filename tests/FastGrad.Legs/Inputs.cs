using System.Numerics;
using FastGrad.Kernels.Philox;

namespace FastGrad.Legs;

/// <summary>Inputs made of integers alone, so that they cannot differ between legs.</summary>
internal static class Inputs
{
    /// <summary>Special values, then bit patterns at even distances through the whole format, then values in [−10, 10).</summary>
    public static T[] Spread<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new List<T> { T.Zero, T.NegativeZero, T.One, -T.One, T.Epsilon, -T.Epsilon, T.PositiveInfinity, T.NegativeInfinity, T.NaN };
        const int patterns = 4001;
        for (int i = 0; i < patterns; i++)
        {
            if (typeof(T) == typeof(float))
                values.Add(T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)i * (uint.MaxValue / patterns))));
            else
                values.Add(T.CreateTruncating(BitConverter.UInt64BitsToDouble((ulong)i * (ulong.MaxValue / patterns))));
        }
        values.AddRange(Uniform<T>(4000, 1, -10, 10));
        return [.. values];
    }

    public static T[] Uniform<T>(int count, ulong stream, int low = -1, int high = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[count];
        new PhiloxStream(2026, stream).FillUniform<T>(values, T.CreateTruncating(low), T.CreateTruncating(high));
        return values;
    }
}
