using System.Numerics;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>Elementary functions of <see cref="BigFloat"/> by series and continued fractions, to 200 bits and more.</summary>
/// <remarks>Nothing here shares a method, a constant or a line with the library.</remarks>
public static class BigMath
{
    private static readonly BigFloat s_ln2 = 2 * ArtanhOfInverse(3);       // ln 2 = 2·artanh(1/3)
    private static readonly BigInteger s_pi = MachinPi(1400);              // π·2¹⁴⁰⁰

    /// <summary>How many bits of π <see cref="ScaledPi"/> has behind the point.</summary>
    public const int PiBits = 1400;

    /// <summary>⌊π·2¹⁴⁰⁰⌋.</summary>
    public static BigInteger ScaledPi => s_pi;

    public static readonly BigFloat Pi = BigFloat.Of(s_pi).ScaleB(-1400);
    public static readonly BigFloat SqrtPi = Pi.Sqrt();
    public static readonly BigFloat Sqrt2 = ((BigFloat)2).Sqrt();

    /// <summary>eˣ: Taylor's series of (x − n·ln 2)/2¹⁶, squared 16 times.</summary>
    public static BigFloat Exp(BigFloat x)
    {
        const int halvings = 16;
        if (x > 200_000 || x < -200_000)
            throw new ArgumentOutOfRangeException(nameof(x), x, "Expected |x| ≤ 200 000.");
        BigInteger n = (x / s_ln2).Round();
        BigFloat r = (x - BigFloat.Of(n) * s_ln2).ScaleB(-halvings);
        BigFloat term = 1, sum = 1;
        for (int k = 1; !term.IsZero && term.Exponent > -BigFloat.Precision - 8; k++)
        {
            term = term * r / k;
            sum += term;
        }
        for (int i = 0; i < halvings; i++)
            sum *= sum;
        return sum.ScaleB((int)n);
    }

    /// <summary>eˣ − 1: by series where the difference would cancel.</summary>
    public static BigFloat Expm1(BigFloat x)
    {
        if (x.IsZero || x.Exponent >= -2)
            return x.IsZero ? x : Exp(x) - 1;
        BigFloat term = x, sum = x;
        for (int k = 2; !term.IsZero && term.Exponent > sum.Exponent - BigFloat.Precision - 8; k++)
        {
            term = term * x / k;
            sum += term;
        }
        return sum;
    }

    /// <summary>log x = 2·artanh((m − 1)/(m + 1)) + k·ln 2, with m halved towards 1 by four square roots.</summary>
    public static BigFloat Log(BigFloat x)
    {
        if (x.Sign <= 0)
            throw new ArgumentOutOfRangeException(nameof(x), x, "Expected a positive number.");
        BigFloat difference = x - 1;
        if (!difference.IsZero && difference.Exponent < -4)
            return Log1pSmall(difference);
        int k = x.Exponent;
        BigFloat m = x.ScaleB(-k);
        if (m > 1.5)
            (m, k) = (m.ScaleB(-1), k + 1);
        for (int i = 0; i < 4; i++)
            m = m.Sqrt();
        return Log1pSmall(m - 1).ScaleB(4) + k * s_ln2;
    }

    public static BigFloat Log1p(BigFloat x) => x.IsZero ? x : x.Exponent < -4 ? Log1pSmall(x) : Log(1 + x);

    private static BigFloat Log1pSmall(BigFloat x)
    {
        if (x.IsZero)
            return x;
        BigFloat s = x / (2 + x), z = s * s, power = s, sum = s;
        for (int k = 3; power.Exponent > s.Exponent - BigFloat.Precision - 8; k += 2)
        {
            power *= z;
            if (power.IsZero)
                break;
            sum += power / k;
        }
        return sum.ScaleB(1);
    }

    public static BigFloat Sin(BigFloat x) => Rotated(x, 0);

    public static BigFloat Cos(BigFloat x) => Rotated(x, 1);

    public static BigFloat Sigmoid(BigFloat x) => 1 / (1 + Exp(-x));

    public static BigFloat Tanh(BigFloat x)
    {
        BigFloat e = Expm1(x.ScaleB(1));
        return e / (e + 2);
    }

    /// <summary>erf x = 2/√π·e^(−x²)·Σ 2ᵏ·x²ᵏ⁺¹/(2k + 1)!!, whose terms all have one sign; for |x| ≤ 6.</summary>
    public static BigFloat Erf(BigFloat x)
    {
        if (x.Abs() > 6)
            return x.Sign > 0 ? 1 - Erfc(x) : Erfc(-x) - 1;
        if (x.IsZero)
            return x;
        BigFloat square = x * x, term = x, sum = x;
        for (int k = 1; term.Exponent > sum.Exponent - BigFloat.Precision; k++)
        {
            term = term * square.ScaleB(1) / (2 * k + 1);
            sum += term;
        }
        return 2 * sum * Exp(-square) / SqrtPi;
    }

    /// <summary>erfc x: 1 − erf x up to 6, beyond by its continued fraction.</summary>
    public static BigFloat Erfc(BigFloat x)
    {
        if (x < 6)
            return 1 - Erf(x);
        return Exp(-(x * x)) * Erfcx(x);
    }

    /// <summary>e^(x²)·erfc x for x ≥ 0; beyond 6 by Laplace's continued fraction 1/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))).</summary>
    public static BigFloat Erfcx(BigFloat x)
    {
        if (x < 6)
            return Exp(x * x) * (1 - Erf(x));
        int terms = x > 1000 ? 24 : 10 + (int)(6000 / (x * x).ToDouble()) + 60; // the error falls as e^(−2x√(2·terms))
        BigFloat tail = x;
        for (int k = terms; k >= 1; k--)
            tail = x + ((BigFloat)k).ScaleB(-1) / tail;
        return 1 / (SqrtPi * tail);
    }

    // sin(x + shift·π/2): x modulo π/2 with π to 1400 bits, then Taylor's series.
    private static BigFloat Rotated(BigFloat x, int shift)
    {
        if (x.IsZero)
            return shift == 0 ? x : 1;
        // |x| = exact integer / 2^1400: quarter turns by integer division.
        const int fraction = 1400;
        BigFloat scaled = x.ScaleB(fraction);
        BigFloat r;
        int n = shift;
        if (x.Exponent < -1)
        {
            r = x;
        }
        else
        {
            // π to `fraction` bits times the quotient (up to 1024 bits) is off by 2^−376 at most.
            BigInteger exact = scaled.Round();
            BigInteger quarter = s_pi >> 1;
            BigInteger quotient = BigInteger.DivRem(2 * exact + quarter, 2 * quarter, out _);
            if (2 * exact + quarter < 0)
                quotient -= 1;
            r = BigFloat.Of(exact - quotient * s_pi / 2).ScaleB(-fraction);
            n += (int)(((quotient % 4) + 4) % 4);
        }
        n &= 3;
        BigFloat square = r * r, term = (n & 1) == 0 ? r : 1, sum = term;
        for (int k = (n & 1) == 0 ? 2 : 1; !term.IsZero && term.Exponent > sum.Exponent - BigFloat.Precision; k += 2)
        {
            term = -(term * square) / (k * (k + 1));
            sum += term;
        }
        return n >= 2 ? -sum : sum;
    }

    private static BigFloat ArtanhOfInverse(int n)
    {
        BigFloat power = (BigFloat)1 / n, sum = power;
        for (int k = 3; power.Exponent > -BigFloat.Precision - 8; k += 2)
        {
            power /= n * n;
            sum += power / k;
        }
        return sum;
    }

    // Machin: π = 16·arctan(1/5) − 4·arctan(1/239).
    private static BigInteger MachinPi(int bits)
    {
        BigInteger one = BigInteger.One << bits + 32;
        return (16 * Arctan(5) - 4 * Arctan(239)) >> 32;

        BigInteger Arctan(int n)
        {
            BigInteger power = one / n, sum = power;
            for (int k = 3, sign = -1; !power.IsZero; k += 2, sign = -sign)
            {
                power /= n * n;
                sum += sign * power / k;
            }
            return sum;
        }
    }
}
