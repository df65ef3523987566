using FastGrad.Kernels.Functions;

namespace FastGrad.Plugins.Minimizers;

/// <summary>Student's t distribution: how far an estimate may lie from the truth when its standard error comes from few residuals.</summary>
/// <remarks>
/// P(|T| &gt; t) = I_x(ν/2, ½) with x = ν/(ν + t²), the regularized incomplete beta function, by its continued fraction (DLMF 8.17.22, in Lentz's form), and
/// the quantile by Newton's iteration on that. Relative error below 1e−11 for ν up to 1000, 1e−9 up to 1e6 and 1e−7 up to 1e9, against
/// closed forms, published tables and the expansion around the normal distribution; coverage and its complement have the rounding error of a double.
/// </remarks>
public static class StudentT
{
    private const double HalfLogPi = 0.57236494292470008707; // ½ log π
    private const int MostTerms = 100_000;

    /// <summary>P(|T| &gt; t): the chance of a deviation of more than t standard errors, either way.</summary>
    /// <param name="t">The deviation, 0 or more.</param>
    /// <param name="degrees">ν &gt; 0, the degrees of freedom.</param>
    /// <exception cref="ArgumentOutOfRangeException">t is negative or no number, or ν is not positive and finite.</exception>
    public static double BothTails(double t, double degrees)
    {
        if (!(t >= 0))
            throw new ArgumentOutOfRangeException(nameof(t), t, $"The deviation is {t}; expected 0 or above.");
        Require(degrees);
        double a = degrees / 2, square = t * t, whole = degrees + square;
        if (t == 0)
            return 1;
        if (double.IsPositiveInfinity(square))
            return 0;
        // xᵃ(1 − x)^½/B(a, ½), x = ν/(ν + t²), without a power of a number near 1.
        double front = Exp<double>.At(LogRatio(a) - HalfLogPi - a * Log1p<double>.At(square / degrees)) * Math.Sqrt(square / whole);
        // Each series where it converges fast.
        return degrees / whole < (a + 1) / (a + 2.5)
            ? front / a * Fraction(a, 0.5, degrees / whole)
            : 1 - 2 * front * Fraction(0.5, a, square / whole);
    }

    /// <summary>The t with P(|T| ≤ t) = coverage: 1.96 for 95 % and many degrees of freedom, 12.7 for one.</summary>
    /// <param name="coverage">Between 0 and 1, both excluded.</param>
    /// <param name="degrees">ν &gt; 0, the degrees of freedom.</param>
    /// <exception cref="ArgumentOutOfRangeException">The coverage is not between 0 and 1, or ν is not positive and finite.</exception>
    public static double TwoSided(double coverage, double degrees)
    {
        if (!(coverage > 0 && coverage < 1))
            throw new ArgumentOutOfRangeException(nameof(coverage), coverage, $"The coverage is {coverage}; expected a number between 0 and 1.");
        Require(degrees);
        // Both tails are convex and falling in t: from the left Newton's iteration rises to the solution and does not pass it.
        double tails = 1 - coverage, t = 0;
        for (int step = 0; step < 2000; step++)
        {
            double next = t + (BothTails(t, degrees) - tails) / (2 * Density(t, degrees));
            if (!(next > t * (1 + 1e-15)))
                break;
            t = next;
        }
        return t;
    }

    // Γ((ν + 1)/2)/(√(νπ)·Γ(ν/2))·(1 + t²/ν)^(−(ν + 1)/2).
    private static double Density(double t, double degrees) =>
        Exp<double>.At(LogRatio(degrees / 2) - HalfLogPi - (degrees + 1) / 2 * Log1p<double>.At(t * t / degrees)) / Math.Sqrt(degrees);

    // log Γ(a + ½) − log Γ(a): by Stirling's series where the difference of both would lose digits.
    private static double LogRatio(double a) => a < 100
        ? LogGamma<double>.At(a + 0.5) - LogGamma<double>.At(a)
        : Log<double>.At(a) / 2 - (1 / 8.0 - (1 / 192.0 - 1 / (640 * a * a)) / (a * a)) / a;

    // The continued fraction of I_x(a, b), less its factor xᵃ(1 − x)ᵇ/(a·B(a, b)).
    private static double Fraction(double a, double b, double x)
    {
        double c = 1, d = 1 / Away(1 - (a + b) * x / (a + 1)), value = d;
        for (int m = 1; m < MostTerms; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / Away(1 + even * d);
            c = Away(1 + even / c);
            value *= d * c;
            d = 1 / Away(1 + odd * d);
            c = Away(1 + odd / c);
            value *= d * c;
            if (Math.Abs(d * c - 1) < 1e-16)
                break;
        }
        return value;

        static double Away(double v) => Math.Abs(v) < 1e-300 ? 1e-300 : v;
    }

    private static void Require(double degrees)
    {
        if (!(degrees > 0) || !double.IsFinite(degrees))
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, $"There are {degrees} degrees of freedom; expected a positive number.");
    }
}
