using FastGrad.Kernels.Functions;
using Xunit;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>log|Γ| and ψ at negative arguments and beside their zeros: where no bound in ulp holds, the absolute error that does.</summary>
public sealed class GammaTests
{
    /// <summary>The positive zeros of log Γ are 1 and 2: relative accuracy on both sides, down to neighbours.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void LogGammaKeepsItsDigitsBesideItsPositiveZeros(double zero)
    {
        for (int k = -52; k < -1; k++)
        {
            foreach (double x in new[] { zero - Math.ScaleB(1, k), zero + Math.ScaleB(1.375, k) })
            {
                Assert.True(Ulp.Error(LogGamma<double>.At(x), BigGamma.LogGamma(x)) <= 4, $"{x:R}");
                float single = (float)x;
                if (single != zero)
                    Assert.True(Ulp.Error(LogGamma<float>.At(single), BigGamma.LogGamma(single)) <= 4, $"{single:R} in float");
            }
        }
    }

    /// <summary>For x &lt; 0 the terms of the reflection cancel near the zeros: errors are relative to max(|y|, 1).</summary>
    [Fact]
    public void LogGammaOfNegativeArguments() => Negative(x => LogGamma<double>.At(x), x => LogGamma<float>.At(x), BigGamma.LogGamma, 8);

    /// <summary>ψ for x &lt; 0 likewise.</summary>
    [Fact]
    public void DigammaOfNegativeArguments() => Negative(x => Digamma<double>.At(x), x => Digamma<float>.At(x), BigGamma.Digamma, 8);

    /// <summary>ψ has its positive zero at 1.4616…: the error there is absolute, below 2 ulp of ¼.</summary>
    [Fact]
    public void DigammaBesideItsPositiveZero()
    {
        const double zero = 1.4616321449683623;
        for (int k = -52; k < -3; k++)
        {
            foreach (double x in new[] { zero - Math.ScaleB(1, k), zero + Math.ScaleB(1, k) })
            {
                Assert.True((Digamma<double>.At(x) - BigGamma.Digamma(x)).Abs().ToDouble() <= Math.ScaleB(2, -54), $"{x:R}");
                Assert.True((Digamma<float>.At((float)x) - BigGamma.Digamma((float)x)).Abs().ToDouble() <= Math.ScaleB(2, -25), $"{x:R} in float");
            }
        }
    }

    private static void Negative(Func<double, double> function, Func<float, float> single, Func<BigFloat, BigFloat> reference, double bound)
    {
        for (int i = 0; i < 400; i++)
        {
            double x = -(0.01 + 0.0937 * i + 0.001 * (i % 7));
            if (x == Math.Round(x))
                continue;
            Near(function(x), reference(x), Math.ScaleB(1, -52));
            float narrow = (float)x;
            Near(single(narrow), reference(narrow), Math.ScaleB(1, -23));

            void Near(double y, BigFloat exact, double unit)
            {
                double scale = Math.Max(1, exact.Abs().ToDouble()), error = (y - exact).Abs().ToDouble() / (scale * unit);
                Assert.True(error <= bound, $"f({x:R}) = {y:R}: {error} units of max(|y|, 1)");
            }
        }
    }
}
