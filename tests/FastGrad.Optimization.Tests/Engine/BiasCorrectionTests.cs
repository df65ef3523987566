using System.Numerics;
using FastGrad.Optimization.Rules;

namespace FastGrad.Optimization.Tests.Engine;

public class BiasCorrectionTests
{
    /// <summary>Against exact integer arithmetic: β is k/2⁵³, so βᵗ is kᵗ/2^(53t).</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    [InlineData(0.9999)]
    public void It_is_one_minus_the_power_within_the_stated_bound(double beta)
    {
        BigInteger numerator = (BigInteger)(beta * 9007199254740992.0);
        foreach (int t in (int[])[1, 2, 3, 7, 10, 100, 999, 1000, 3000])
        {
            BigInteger power = BigInteger.Pow(numerator, t); // over 2^(53t)
            double exact = Math.ScaleB((double)(power >> Math.Max(0, (53 * t) - 200)), -Math.Min(53 * t, 200));
            double bound = (t * exact + 1) * Math.ScaleB(1, -53);
            Assert.True(Math.Abs(BiasCorrection.Of(beta, t) - (1 - exact)) <= bound, $"β = {beta}, t = {t}: {BiasCorrection.Of(beta, t)} and {1 - exact}");
        }
    }

    [Fact]
    public void It_reaches_one()
    {
        Assert.Equal(0, BiasCorrection.Of(0.9, 0));
        Assert.Equal(1, BiasCorrection.Of(0.999, long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => BiasCorrection.Of(0.9, -1));
    }
}
