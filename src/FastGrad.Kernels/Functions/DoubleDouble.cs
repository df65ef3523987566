namespace FastGrad.Kernels.Functions;

/// <summary>An unevaluated sum of two doubles, the second at most half an ulp of the first: about 106 bits.</summary>
/// <remarks>Dekker 1971, "A floating-point technique for extending the available precision"; products by FMA.</remarks>
internal readonly record struct DoubleDouble(double High, double Low)
{
    public static implicit operator DoubleDouble(double value) => new(value, 0);

    /// <summary>a + b exactly (Knuth).</summary>
    public static DoubleDouble Sum(double a, double b)
    {
        double s = a + b, back = s - a;
        return new(s, (a - (s - back)) + (b - back));
    }

    /// <summary>a·b exactly, but for underflow.</summary>
    public static DoubleDouble Product(double a, double b)
    {
        double p = a * b;
        return new(p, Math.FusedMultiplyAdd(a, b, -p));
    }

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        DoubleDouble high = Sum(a.High, b.High), low = Sum(a.Low, b.Low);
        high = Quick(high.High, high.Low + low.High);
        return Quick(high.High, high.Low + low.Low);
    }

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        DoubleDouble p = Product(a.High, b.High);
        return Quick(p.High, p.Low + Math.FusedMultiplyAdd(a.High, b.Low, a.Low * b.High));
    }

    public static DoubleDouble operator /(double a, DoubleDouble b)
    {
        double q = a / b.High;
        double rest = Math.FusedMultiplyAdd(-q, b.High, a) - q * b.Low;
        return Quick(q, rest / b.High);
    }

    // a + b exactly, for |a| ≥ |b|.
    private static DoubleDouble Quick(double a, double b)
    {
        double s = a + b;
        return new(s, b - (s - a));
    }
}
