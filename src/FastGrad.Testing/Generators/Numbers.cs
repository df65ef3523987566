using FsCheck;
using FsCheck.Fluent;

namespace FastGrad.Testing.Generators;

/// <summary>Numbers for numerics: magnitudes spread over the format, not crowded near 1.</summary>
public static class Numbers
{
    /// <summary>Either sign, magnitude log-uniform on [2^low, 2^high).</summary>
    /// <param name="low">The least exponent of two.</param>
    /// <param name="high">The exponent of two that magnitudes stay below.</param>
    public static Gen<double> LogUniform(int low = -30, int high = 30) =>
        from exponent in Gen.Choose(low, high - 1)
        from mantissa in Gen.Choose(0, int.MaxValue)
        from negative in Gen.Choose(0, 1)
        select Math.ScaleB(1 + mantissa / (double)(1L << 31), exponent) * (negative == 1 ? -1 : 1);

    /// <summary>Denormal doubles of either sign.</summary>
    public static Gen<double> Denormal() =>
        from high in Gen.Choose(0, (1 << 20) - 1)
        from low in Gen.Choose(1, int.MaxValue)
        from negative in Gen.Choose(0, 1)
        select BitConverter.Int64BitsToDouble(((long)negative << 63) | ((long)high << 32) | (uint)low);

    /// <summary>Signed zeros, ones, the format's limits, infinities and NaN.</summary>
    public static Gen<double> Special() => Gen.Elements(
        0.0, -0.0, 1, -1, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 2.2250738585072014e-308, double.PositiveInfinity, double.NegativeInfinity, double.NaN);

    /// <summary>Mostly log-uniform magnitudes from 2^low to 2^high, with zeros of either sign and denormals among them: all finite.</summary>
    /// <param name="low">The least exponent of two.</param>
    /// <param name="high">The exponent of two that magnitudes stay below.</param>
    public static Gen<double> Finite(int low = -30, int high = 30) => Gen.Frequency((8, LogUniform(low, high)), (1, Denormal()), (1, Gen.Elements(0.0, -0.0)));

    /// <summary>Mostly log-uniform over the whole format, with denormals and special values among them.</summary>
    public static Gen<double> Any() => Gen.Frequency((8, LogUniform(-1022, 1024)), (1, Denormal()), (1, Special()));
}
