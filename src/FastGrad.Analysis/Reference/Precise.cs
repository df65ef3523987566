namespace FastGrad.Analysis.Reference;

/// <summary>A number of about 31 decimal digits, as the unevaluated sum of two doubles: what values in double are measured against.</summary>
/// <remarks>
/// Dekker 1971, "A floating-point technique for extending the available precision"; Knuth's two-sum. Each operation is right to a few
/// units of 2⁻¹⁰⁴ while no part leaves the normal range. Slow and plain on purpose: it shares no algorithm with the kernels.
/// </remarks>
/// <param name="High">The number, rounded to double.</param>
/// <param name="Low">What rounding left.</param>
public readonly record struct Precise(double High, double Low)
{
    /// <summary>A double as it is.</summary>
    public static implicit operator Precise(double value) => new(value, 0);

    /// <summary>a + b.</summary>
    public static Precise operator +(Precise a, Precise b)
    {
        (double s, double e) = TwoSum(a.High, b.High);
        (double t, double f) = TwoSum(a.Low, b.Low);
        (s, e) = QuickSum(s, e + t);
        (s, e) = QuickSum(s, e + f);
        return new(s, e);
    }

    /// <summary>−a.</summary>
    public static Precise operator -(Precise a) => new(-a.High, -a.Low);

    /// <summary>a − b.</summary>
    public static Precise operator -(Precise a, Precise b) => a + -b;

    /// <summary>a × b.</summary>
    public static Precise operator *(Precise a, Precise b)
    {
        double p = a.High * b.High, e = Math.FusedMultiplyAdd(a.High, b.High, -p);
        (p, e) = QuickSum(p, e + (a.High * b.Low + a.Low * b.High));
        return new(p, e);
    }

    /// <summary>a ÷ b, by three steps of long division.</summary>
    public static Precise operator /(Precise a, Precise b)
    {
        double q1 = a.High / b.High;
        Precise r = a - b * q1;
        double q2 = r.High / b.High;
        r -= b * q2;
        double q3 = r.High / b.High;
        (double s, double e) = QuickSum(q1, q2);
        return new Precise(s, e) + q3;
    }

    /// <summary>Whether a &lt; b.</summary>
    public static bool operator <(Precise a, Precise b) => a.High < b.High || (a.High == b.High && a.Low < b.Low);

    /// <summary>Whether a &gt; b.</summary>
    public static bool operator >(Precise a, Precise b) => b < a;

    /// <summary>|a|.</summary>
    public static Precise Abs(Precise a) => a < 0 ? -a : a;

    /// <summary>√a, by one Newton step from double.</summary>
    public static Precise Sqrt(Precise a)
    {
        if (!(a > 0))
            return Math.Sqrt(a.High);
        Precise root = Math.Sqrt(a.High);
        return root + (a - root * root) / (root + root);
    }

    /// <summary>a·2ⁿ.</summary>
    public static Precise ScaleB(Precise a, int n) => new(Math.ScaleB(a.High, n), Math.ScaleB(a.Low, n));

    /// <summary>The distance from a double to this number, in units in the last place of the number rounded to double.</summary>
    public double UlpsFrom(double value) => UlpsFrom(value, Math.BitIncrement(Math.Abs(High)) - Math.Abs(High));

    /// <summary>The distance from a float to this number, in units in the last place of the number rounded to float.</summary>
    public double UlpsFrom(float value)
    {
        float rounded = Math.Abs((float)High);
        return UlpsFrom(value, (double)MathF.BitIncrement(rounded) - rounded);
    }

    private double UlpsFrom(double value, double ulp)
    {
        if (value.Equals(High))
            return Low == 0 || double.IsNaN(Low) ? 0 : Math.Abs(Low) / ulp;
        return Math.Abs(((Precise)value - this).High) / ulp;
    }

    private static (double Sum, double Error) TwoSum(double a, double b)
    {
        double s = a + b, seen = s - a;
        return (s, (a - (s - seen)) + (b - seen));
    }

    private static (double Sum, double Error) QuickSum(double a, double b)
    {
        double s = a + b;
        return (s, b - (s - a));
    }
}
