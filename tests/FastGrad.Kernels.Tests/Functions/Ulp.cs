using System.Numerics;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Errors in units in the last place of the exact value, in the format of T.</summary>
public static class Ulp
{
    /// <summary>|value − exact| / ulp(exact); a denormal's ulp is the smallest denormal. A result beyond the largest number must be infinite.</summary>
    public static double Error<T>(T value, BigFloat exact)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (T.IsNaN(value))
            return double.PositiveInfinity;
        int top = typeof(T) == typeof(float) ? 127 : 1023;
        if (T.IsInfinity(value))
        {
            // Right if rounding would overflow: at least MaxValue + ½ ulp.
            int digits = typeof(T) == typeof(float) ? 24 : 53;
            BigFloat limit = ((BigFloat)1).ScaleB(top + 1) - ((BigFloat)1).ScaleB(top - digits);
            return exact.Sign == T.Sign(value) && !(exact.Abs() < limit) ? 0 : double.PositiveInfinity;
        }
        BigFloat difference = (double.CreateTruncating(value) - exact).Abs();
        return difference.IsZero ? 0 : (difference / OneUlp<T>(exact)).ToDouble();
    }

    /// <summary>One unit in the last place at <paramref name="exact"/>.</summary>
    public static BigFloat OneUlp<T>(BigFloat exact)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int digits, int least) = typeof(T) == typeof(float) ? (23, -149) : (52, -1074);
        int exponent = exact.IsZero ? least : Math.Max(exact.Exponent - digits, least);
        return ((BigFloat)1).ScaleB(exponent);
    }
}
