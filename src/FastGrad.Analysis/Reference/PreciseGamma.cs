namespace FastGrad.Analysis.Reference;

/// <summary>log Γ and its derivatives for <see cref="Precise"/> x > 0: Stirling's series at x + n ≥ 30, and the recurrence back. Right to about 28 digits of 1.</summary>
public static class PreciseGamma
{
    private const double Far = 30;

    // B₂, B₄, …, B₃₀ as fractions: Abramowitz and Stegun 1964, table 23.2.
    private static readonly (double Over, double Under)[] s_bernoulli =
    [
        (1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6), (-3617, 510), (43867, 798), (-174611, 330),
        (854513, 138), (-236364091, 2730), (8553103, 6), (-23749461029, 870), (8615841276005, 14322),
    ];

    private static readonly Precise s_halfLogTau = PreciseFunctions.Log(new Precise(6.283185307179586, 2.4492935982947064e-16)) * 0.5;

    /// <summary>log Γ(x) = (z − ½)log z − z + ½log 2π + Σ B₂ₖ/(2k(2k − 1)z²ᵏ⁻¹), less log of x(x + 1)…(z − 1).</summary>
    public static Precise LogGamma(Precise x)
    {
        Precise product = 1;
        for (; x < Far; x += 1)
            product *= x;
        Precise sum = Series(x, k => (2 * k) * (2 * k - 1), odd: true);
        return (x - 0.5) * PreciseFunctions.Log(x) - x + s_halfLogTau + sum - PreciseFunctions.Log(product);
    }

    /// <summary>ψ(x) = log z − 1/(2z) − Σ B₂ₖ/(2k·z²ᵏ) − Σ 1/(x + i).</summary>
    public static Precise Digamma(Precise x)
    {
        Precise shift = 0;
        for (; x < Far; x += 1)
            shift += (Precise)1 / x;
        return PreciseFunctions.Log(x) - (Precise)0.5 / x - Series(x, k => 2 * k, odd: false) - shift;
    }

    /// <summary>ψ₁(x) = 1/z + 1/(2z²) + Σ B₂ₖ/z²ᵏ⁺¹ + Σ 1/(x + i)².</summary>
    public static Precise Trigamma(Precise x)
    {
        Precise shift = 0;
        for (; x < Far; x += 1)
            shift += (Precise)1 / (x * x);
        return (Precise)1 / x + (Precise)0.5 / (x * x) + Series(x, _ => 1, odd: false) / x + shift;
    }

    // Σ B₂ₖ/(c(k)·z²ᵏ), or with z²ᵏ⁻¹ where the powers are odd.
    private static Precise Series(Precise z, Func<int, double> divisor, bool odd)
    {
        Precise square = z * z, power = odd ? z : square, sum = 0;
        for (int k = 1; k <= s_bernoulli.Length; k++, power *= square)
            sum += (Precise)s_bernoulli[k - 1].Over / s_bernoulli[k - 1].Under / divisor(k) / power;
        return sum;
    }
}
