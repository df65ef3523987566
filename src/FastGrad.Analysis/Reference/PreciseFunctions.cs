namespace FastGrad.Analysis.Reference;

/// <summary>Elementary functions of <see cref="Precise"/>, from their series: slow, plain, and right to about 28 digits.</summary>
/// <remarks>For finite arguments whose results stay in the normal range of double; sines and cosines for |x| up to 10⁴.</remarks>
public static class PreciseFunctions
{
    private static readonly Precise s_ln2 = new(0.6931471805599453, 2.3190468138462996e-17);
    private static readonly Precise s_quarter = new(1.5707963267948966, 6.123233995736766e-17); // π/2
    private const double QuarterRest = -1.4973849048591833e-33;
    private const double Ln2Rest = 5.707708438416212e-34;

    private static readonly Precise s_rootPi = Precise.Sqrt(s_quarter * 2);

    /// <summary>eˣ; 0 and ∞ where double has nothing else.</summary>
    public static Precise Exp(Precise x)
    {
        if (Math.Abs(x.High) > 750)
            return x < 0 ? 0 : double.PositiveInfinity;
        (Precise p, int n) = ReducedExpm1(x);
        return Precise.ScaleB(p + 1, n);
    }

    /// <summary>eˣ − 1, with its digits near 0.</summary>
    public static Precise Expm1(Precise x)
    {
        if (Math.Abs(x.High) > 750)
            return x < 0 ? -1 : double.PositiveInfinity;
        (Precise p, int n) = ReducedExpm1(x);
        return n == 0 ? p : Precise.ScaleB(p + 1, n) - 1;
    }

    /// <summary>ln x: the zero of x·e⁻ʸ − 1, by Newton's method, which mends any error of its start.</summary>
    public static Precise Log(Precise x) => Precise.Abs(x - 1) < 0.5 ? Log1p(x - 1) : Newton(x, Kernels.Functions.Log<double>.At(x.High));

    /// <summary>ln(1 + x), with its digits near 0.</summary>
    public static Precise Log1p(Precise x)
    {
        if (Precise.Abs(x) > 0.5)
            return Newton(x + 1, Kernels.Functions.Log<double>.At(1 + x.High));
        // 2·artanh(x/(2 + x)), of which the quotient is at most 1/3.
        Precise s = x / (x + 2), square = s * s, power = s, sum = 0;
        for (int k = 1; k < 75; k += 2, power *= square)
            sum += power / k;
        return sum + sum;
    }

    /// <summary>tanh x.</summary>
    public static Precise Tanh(Precise x)
    {
        Precise e = Expm1(Precise.Abs(x) * 2);
        Precise t = Precise.Abs(x) > 300 ? 1 : e / (e + 2);
        return x < 0 ? -t : t;
    }

    /// <summary>1/(1 + e⁻ˣ).</summary>
    public static Precise Sigmoid(Precise x)
    {
        if (x > 0)
            return (Precise)1 / (Exp(-x) + 1);
        Precise e = Exp(x);
        return e / (e + 1);
    }

    /// <summary>sin x.</summary>
    public static Precise Sin(Precise x) => Turn(x, 0);

    /// <summary>cos x.</summary>
    public static Precise Cos(Precise x) => Turn(x, 1);

    /// <summary>erf x: 2/√π·e^(−x²)·Σ 2ᵏx^(2k+1)/(2k+1)!!, whose terms have one sign; 1 − erfc x far out.</summary>
    public static Precise Erf(Precise x)
    {
        if (x < 0)
            return -Erf(-x);
        if (x > 4)
            return (Precise)1 - Erfc(x);
        Precise term = x, sum = x, twice = x * x * 2;
        for (int k = 1; k < 200 && term.High > 1e-36 * sum.High; k++)
        {
            term = term * twice / (2 * k + 1);
            sum += term;
        }
        return sum * 2 / s_rootPi * Exp(-(x * x));
    }

    /// <summary>erfc x = 1 − erf x, with its digits far out.</summary>
    public static Precise Erfc(Precise x) => x < 2 ? (Precise)1 - Erf(x) : Exp(-(x * x)) * Fraction(x);

    /// <summary>e^(x²)·erfc x.</summary>
    public static Precise Erfcx(Precise x) => x < 2 ? Exp(x * x) * ((Precise)1 - Erf(x)) : Fraction(x);

    // x = n·ln 2 + 512·r; e^(512·r) − 1 by nine doublings of eʳ − 1.
    private static (Precise Expm1, int Exponent) ReducedExpm1(Precise x)
    {
        int n = Precise.Abs(x) < 0.4 ? 0 : (int)Math.Round(x.High / s_ln2.High);
        Precise r = Precise.ScaleB(x - s_ln2 * n - (Precise)Ln2Rest * n, -9), term = r, sum = r;
        for (int k = 2; k < 14; k++)
        {
            term = term * r / k;
            sum += term;
        }
        for (int i = 0; i < 9; i++)
            sum = sum * (sum + 2);
        return (sum, n);
    }

    private static Precise Newton(Precise x, Precise y)
    {
        for (int i = 0; i < 3; i++)
            y += x * Exp(-y) - 1;
        return y;
    }

    private static Precise Turn(Precise x, int quadrant)
    {
        double n = Math.Round(x.High / s_quarter.High);
        Precise r = x - s_quarter * n - (Precise)QuarterRest * n, square = -(r * r);
        bool sine = (((long)n + quadrant) & 1) == 0;
        Precise term = sine ? r : 1, sum = term;
        for (int k = sine ? 2 : 1; k < 34; k += 2)
        {
            term = term * square / (k * (k + 1));
            sum += term;
        }
        return (((long)n + quadrant) & 2) == 0 ? sum : -sum;
    }

    // √π·e^(x²)·erfc x = 1/(x + ½/(x + 1/(x + (3/2)/(x + …)))), from the far end; for x ≥ 2.
    private static Precise Fraction(Precise x)
    {
        Precise tail = x;
        for (int k = 400; k >= 1; k--)
            tail = x + (Precise)(0.5 * k) / tail;
        return (Precise)1 / (tail * s_rootPi);
    }
}
