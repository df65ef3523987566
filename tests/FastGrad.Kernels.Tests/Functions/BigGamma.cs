using System.Numerics;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>log|Γ| and its derivatives for <see cref="BigFloat"/>: Stirling's series from 40 on, the recurrence below, reflection for negative numbers.</summary>
public static class BigGamma
{
    private const int Terms = 30, From = 40;

    private static readonly BigFloat[] s_bernoulli = Bernoulli(); // B₂ₖ

    public static BigFloat LogGamma(BigFloat x)
    {
        if (x.Sign < 0)
            return BigMath.Log(BigMath.Pi / (x * BigMath.Sin(BigMath.Pi * x)).Abs()) - LogGamma(-x);
        if ((x - 1).IsZero || (x - 2).IsZero)
            return 0;
        BigFloat product = 1;
        for (; x < From; x += 1)
            product *= x;
        BigFloat sum = (x - Half) * BigMath.Log(x) - x + BigMath.Log(2 * BigMath.Pi).ScaleB(-1), power = x;
        for (int k = 1; k <= Terms; k++, power *= x * x)
            sum += s_bernoulli[k] / (2 * k * (2 * k - 1) * power);
        return sum - BigMath.Log(product);
    }

    public static BigFloat Digamma(BigFloat x)
    {
        if (x.Sign < 0)
            return Digamma(1 - x) - BigMath.Pi * BigMath.Cos(BigMath.Pi * x) / BigMath.Sin(BigMath.Pi * x);
        BigFloat sum = 0;
        for (; x < From; x += 1)
            sum -= 1 / x;
        sum += BigMath.Log(x) - 1 / (2 * x);
        BigFloat power = x * x;
        for (int k = 1; k <= Terms; k++, power *= x * x)
            sum -= s_bernoulli[k] / (2 * k * power);
        return sum;
    }

    /// <summary>ψ₁ for order 1, ψ₂ for order 2.</summary>
    public static BigFloat Polygamma(int order, BigFloat x)
    {
        BigFloat sum = 0;
        for (; x < From; x += 1)
            sum += 1 / (order == 1 ? x * x : x * x * x);
        // Euler and Maclaurin's formula for Σ (x + k)^−(n + 1).
        BigFloat power = order == 1 ? x : x * x;
        sum += 1 / (order * power) + 1 / (2 * power * x);
        power *= x * x;
        for (int k = 1; k <= Terms; k++, power *= x * x)
            sum += s_bernoulli[k] * (order == 1 ? (BigFloat)1 : ((BigFloat)(2 * k + 1)).ScaleB(-1)) / power;
        return order == 1 ? sum : -2 * sum;
    }

    private static BigFloat Half => ((BigFloat)1).ScaleB(-1);

    // Akiyama and Tanigawa's triangle in exact fractions.
    private static BigFloat[] Bernoulli()
    {
        var numbers = new BigFloat[Terms + 1];
        var row = new (BigInteger N, BigInteger D)[2 * Terms + 1];
        for (int m = 0; m <= 2 * Terms; m++)
        {
            row[m] = (1, m + 1);
            for (int j = m; j >= 1; j--)
            {
                BigInteger n = j * (row[j - 1].N * row[j].D - row[j].N * row[j - 1].D), d = row[j - 1].D * row[j].D, g = BigInteger.GreatestCommonDivisor(n, d);
                row[j - 1] = (n / g, d / g);
            }
            if (m % 2 == 0)
                numbers[m / 2] = BigFloat.Of(row[0].N) / BigFloat.Of(row[0].D);
        }
        return numbers;
    }
}
