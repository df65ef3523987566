using System.Numerics;
using FastGrad.Kernels.Functions;
using Xunit;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Sine, cosine and tangent at the numbers that lie closest to multiples of π/2: for every exponent the closest, found with integers alone.</summary>
/// <remarks>
/// m·2ᵉ is close to a multiple of π/2 where m·α is close to an integer, α = 2ᵉ·2/π. The best m below 2ᵖ are the denominators of the convergents
/// of α's continued fraction, so the hardest argument of each exponent is exact arithmetic away. 2/π comes from Machin's formula to 1400 bits.
/// </remarks>
public sealed class HardAngleTests
{
    private const int Bits = 1380;

    private static readonly BigInteger s_twoOverPi = (BigInteger.One << Bits + BigMath.PiBits + 1) / BigMath.ScaledPi;

    [Fact]
    public void DoublesClosestToMultiplesOfARightAngle()
    {
        double[] hard = [.. Enumerable.Range(-51, 971 + 52).SelectMany(e => Hardest(e, 53)).Select(entry => Math.ScaleB((double)entry.M, entry.E)).Where(double.IsFinite)];
        Assert.Contains(6381956970095103 * Math.Pow(2, 797), hard); // the hardest double of all: Muller et al., Handbook of Floating-Point Arithmetic
        Assert.True(hard.Length > 1000);
        Within<double>(hard, 1, 1.6);
    }

    [Fact]
    public void FloatsClosestToMultiplesOfARightAngle()
    {
        double[] hard = [.. Enumerable.Range(-22, 104 + 23).SelectMany(e => Hardest(e, 24)).Select(entry => Math.ScaleB((double)entry.M, entry.E)).Where(x => x <= float.MaxValue)];
        Assert.Contains(16367173 * Math.Pow(2, 72), hard);
        Within<float>(hard, 1, 1.6);
    }

    [Theory]
    [InlineData(5319372648326541416707072.0)] // the first digits of the hardest double, 5.319…·10²⁵⁵, as a number of their own: easy
    [InlineData(1e22)]
    [InlineData(double.MaxValue)]
    public void LargeArguments(double x) => Within<double>([x], 1, 1.6);

    // The last convergents whose denominators have at most `digits` bits, and their odd multiples of the same size.
    private static IEnumerable<(BigInteger M, int E)> Hardest(int e, int digits)
    {
        BigInteger numerator = e >= 0 ? s_twoOverPi << e : s_twoOverPi, denominator = BigInteger.One << (e >= 0 ? Bits : Bits - e);
        (BigInteger q0, BigInteger q1) = (1, 0);
        while (true)
        {
            BigInteger term = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
            BigInteger q = term * q1 + q0;
            if (q.GetBitLength() > digits || rest.IsZero)
                break;
            (q0, q1, numerator, denominator) = (q1, q, denominator, rest);
        }
        yield return (q1, e);
        yield return (q0, e);
    }

    private static void Within<T>(double[] arguments, double bound, double tangentBound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (double argument in arguments)
        {
            if (argument == 0)
                continue;
            T x = T.CreateTruncating(argument);
            BigFloat exact = double.CreateTruncating(x), sine = BigMath.Sin(exact), cosine = BigMath.Cos(exact);
            Check("sin", Sin<T>.At(x), sine, bound);
            Check("cos", Cos<T>.At(x), cosine, bound);
            Check("tan", Tan<T>.At(x), sine / cosine, tangentBound);

            void Check(string name, T value, BigFloat reference, double most)
            {
                double error = Ulp.Error(value, reference);
                Assert.True(error <= most, $"{name}({x:R}) = {value:R}: {error} ulp from {reference}");
            }
        }
    }
}
