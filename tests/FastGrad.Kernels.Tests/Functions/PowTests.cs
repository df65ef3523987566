using FastGrad.Kernels.Functions;
using Xunit;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Powers against e^(y·log x) in 256 bits, and the special values of IEEE 754-2019, 9.2.1.</summary>
public sealed class PowTests
{
    private const double Infinity = double.PositiveInfinity;

    [Fact]
    public void IsWithinItsBound()
    {
        double worst = 0, worstSingle = 0;
        ulong state = 5;
        for (int i = 0; i < 4000; i++)
        {
            double spread = (i % 3) switch { 0 => 1400, 1 => 2, _ => 0.001 };
            double x = Math.Exp((Next() - 0.5) * spread), y = (Next() - 0.5) * 1440 / Math.Abs(Math.Log(x));
            if (i % 5 == 0)
                y = Math.Round(y);
            if (i % 7 == 0)
                y = Next() * 3;
            worst = Math.Max(worst, Ulp.Error(Pow<double>.At(x, y), Exact(x, y)));

            float single = (float)Math.Exp((Next() - 0.5) * Math.Min(spread, 170)), power = (float)((Next() - 0.5) * 200 / Math.Abs(Math.Log(single)));
            if (single != 1 && float.IsFinite(power))
                worstSingle = Math.Max(worstSingle, Ulp.Error(Pow<float>.At(single, power), Exact(single, power)));
        }
        Assert.True(worst <= 0.7, $"{worst} ulp");
        Assert.True(worstSingle <= 0.8, $"{worstSingle} ulp in float");

        double Next()
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            return (state >> 11) * (1.0 / (1ul << 53));
        }

        static BigFloat Exact(double x, double y) => BigMath.Exp(y * BigMath.Log(x));
    }

    [Fact]
    public void IntegerPowersThatFitAreExact()
    {
        for (int x = -9; x <= 9; x++)
        {
            double product = 1;
            for (int n = 1; Math.Abs(product * x) < 1L << 53 && n < 40; n++)
            {
                product *= x;
                Assert.Equal(product, Pow<double>.At(x, n));
                if (x != 0 && (x & x - 1) == 0)
                    Assert.Equal(1 / product, Pow<double>.At(x, -n));
            }
        }
        Assert.Equal(3f * 3 * 3, Pow<float>.At(3, 3));
    }

    /// <summary>βᵗ as a bias correction meets it, against repeated multiplication.</summary>
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void PowersOfADecayRate(double beta)
    {
        BigFloat product = 1;
        for (int t = 1; t <= 500; t++)
        {
            product *= beta;
            Assert.True(Ulp.Error(Pow<double>.At(beta, t), product) <= 0.7);
        }
    }

    [Theory]
    [InlineData(double.NaN, 0, 1)]
    [InlineData(double.NaN, -0.0, 1)]
    [InlineData(1, double.NaN, 1)]
    [InlineData(double.NaN, 1, double.NaN)]
    [InlineData(2, double.NaN, double.NaN)]
    [InlineData(0, 0, 1)]
    [InlineData(Infinity, 0, 1)]
    [InlineData(0, -1, Infinity)]
    [InlineData(-0.0, -1, -Infinity)]
    [InlineData(-0.0, -2, Infinity)]
    [InlineData(-0.0, -0.5, Infinity)]
    [InlineData(0, -Infinity, Infinity)]
    [InlineData(0, 3, 0)]
    [InlineData(-0.0, 3, -0.0)]
    [InlineData(-0.0, 2, 0)]
    [InlineData(-0.0, 2.5, 0)]
    [InlineData(-1, Infinity, 1)]
    [InlineData(-1, -Infinity, 1)]
    [InlineData(1, Infinity, 1)]
    [InlineData(-8, 1.0 / 3, double.NaN)]
    [InlineData(-2, 3, -8)]
    [InlineData(-2, 2, 4)]
    [InlineData(-2, -3, -0.125)]
    [InlineData(0.5, -Infinity, Infinity)]
    [InlineData(0.5, Infinity, 0)]
    [InlineData(-2, -Infinity, 0)]
    [InlineData(-2, Infinity, Infinity)]
    [InlineData(Infinity, -2, 0)]
    [InlineData(Infinity, 2, Infinity)]
    [InlineData(-Infinity, -3, -0.0)]
    [InlineData(-Infinity, -2.5, 0)]
    [InlineData(-Infinity, 3, -Infinity)]
    [InlineData(-Infinity, 2.5, Infinity)]
    [InlineData(10, 400, Infinity)]
    [InlineData(-10, 401, -Infinity)]
    [InlineData(10, -400, 0)]
    [InlineData(-10, -401, -0.0)]
    [InlineData(double.Epsilon, 0.5, 2.2227587494850775e-162)]
    [InlineData(double.Epsilon, 1, double.Epsilon)]
    [InlineData(2, -1074, double.Epsilon)]
    [InlineData(2, 1023, 8.98846567431158e307)]
    public void SpecialValues(double x, double y, double expected)
    {
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(Pow<double>.At(x, y)));
        if (Math.Abs(y) < 1000 && Math.Abs(x) is > 1e-300 or 0 or double.NaN or Infinity)
            Assert.Equal((float)expected, Pow<float>.At((float)x, (float)y));
    }
}
