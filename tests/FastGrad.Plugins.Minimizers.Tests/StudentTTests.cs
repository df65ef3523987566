using Xunit;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>Student's distribution against its closed forms for 1, 2 and 4 degrees of freedom, and against published tables.</summary>
public sealed class StudentTTests
{
    /// <summary>Two-sided points of Abramowitz and Stegun, table 26.10, with the further digits that statistical software gives.</summary>
    [Theory]
    [InlineData(0.95, 1, 12.706204736)]
    [InlineData(0.95, 2, 4.3026527297)]
    [InlineData(0.95, 3, 3.1824463053)]
    [InlineData(0.95, 5, 2.5705818356)]
    [InlineData(0.95, 10, 2.2281388520)]
    [InlineData(0.95, 12, 2.1788128297)]
    [InlineData(0.95, 30, 2.0422724563)]
    [InlineData(0.95, 60, 2.0002978220)]
    [InlineData(0.95, 120, 1.9799304051)]
    [InlineData(0.9, 10, 1.8124611228)]
    [InlineData(0.99, 1, 63.656741163)]
    [InlineData(0.99, 10, 3.1692726726)]
    [InlineData(0.99, 30, 2.7499956536)]
    [InlineData(0.999, 20, 3.8495162749)]
    public void Tables(double coverage, double degrees, double expected) => Near(expected, StudentT.TwoSided(coverage, degrees), 5e-10);

    /// <summary>ν = 1: t = tan(πp/2); ν = 2: t = p√(2/(1 − p²)); ν = 4: both tails are 1 − ½u(3 − u²), u = t/√(4 + t²).</summary>
    [Fact]
    public void Closed_forms()
    {
        foreach (double p in (double[])[1e-6, 0.01, 0.3, 0.5, 0.683, 0.9, 0.95, 0.99, 0.999, 1 - 1e-6])
        {
            Near(Math.Tan(Math.PI * p / 2), StudentT.TwoSided(p, 1), Tolerance(p));
            Near(p * Math.Sqrt(2 / ((1 - p) * (1 + p))), StudentT.TwoSided(p, 2), Tolerance(p));
        }
        foreach (double t in (double[])[1e-3, 0.1, 0.5, 1, 2, 3, 10])
        {
            double u = t / Math.Sqrt(4 + t * t);
            Assert.Equal(1 - u * (3 - u * u) / 2, StudentT.BothTails(t, 4), 1e-14);
            Assert.Equal(1 - 2 / Math.PI * Math.Atan(t), StudentT.BothTails(t, 1), 1e-14);
        }

        // p and 1 − p have a rounding error each.
        static double Tolerance(double p) => 1e-12 + 1e-16 / (p * (1 - p));
    }

    [Theory]
    [InlineData(1000, 1e-11)]
    [InlineData(1e6, 1e-9)]
    [InlineData(1e9, 1e-7)]
    public void Many_degrees_tend_to_the_normal_distribution(double degrees, double tolerance)
    {
        // z + (z³ + z)/(4ν) + (5z⁵ + 16z³ + 3z)/(96ν²) + (3z⁷ + 19z⁵ + 17z³ − 15z)/(384ν³), Abramowitz and Stegun 26.7.5, with z = 1.95996398454005424.
        const double Z = 1.9599639845400542;
        double expected = Z + (Z * Z * Z + Z) / (4 * degrees) + (5 * Math.Pow(Z, 5) + 16 * Z * Z * Z + 3 * Z) / (96 * degrees * degrees)
            + (3 * Math.Pow(Z, 7) + 19 * Math.Pow(Z, 5) + 17 * Z * Z * Z - 15 * Z) / (384 * degrees * degrees * degrees);
        Near(expected, StudentT.TwoSided(0.95, degrees), tolerance);
    }

    [Fact]
    public void Quantiles_and_tails_are_inverse()
    {
        foreach (double degrees in (double[])[0.5, 1, 2.5, 7, 31, 199, 201, 1000, 1e5])
        {
            foreach (double coverage in (double[])[0.1, 0.5, 0.9, 0.99])
                Assert.Equal(1 - coverage, StudentT.BothTails(StudentT.TwoSided(coverage, degrees), degrees), 1e-11);
        }
        Assert.Equal(1, StudentT.BothTails(0, 3));
        Assert.Equal(0, StudentT.BothTails(double.PositiveInfinity, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSided(1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.TwoSided(0.95, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.BothTails(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.BothTails(double.NaN, 3));
    }

    private static void Near(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(actual - expected) <= relative * Math.Abs(expected), $"{actual:R}, expected {expected:R}");
}
