using System.Globalization;

namespace FastGrad.Analysis.Intervals;

/// <summary>All numbers from <see cref="Low"/> to <see cref="High"/>: arithmetic whose results contain every true result.</summary>
/// <remarks>
/// <para>
/// + − × ÷ and the square root round outward by one unit exactly where the double result is not the true one, which an error-free
/// transformation tells (Knuth's sum, a fused multiply-add for the product). So [1, 1] − [0.5, 0.5]·2 is [0, 0], and a sign that holds is seen.
/// Elementary functions are <see cref="IntervalFunctions"/>.
/// </para>
/// <para>0·∞ is 0: an infinite end stands for "as large as you like", never for a number. Source: Moore, Kearfott and Cloud,
/// <i>Introduction to Interval Analysis</i>, SIAM 2009; IEEE 1788.</para>
/// </remarks>
public readonly record struct Interval
{
    /// <summary>The numbers from <paramref name="low"/> to <paramref name="high"/>.</summary>
    /// <exception cref="ArgumentException">An end is NaN, or low is above high.</exception>
    public Interval(double low, double high)
    {
        if (!(low <= high))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"An interval from {low} to {high}; expected two numbers, the lesser first."), nameof(low));
        (Low, High) = (low, high);
    }

    /// <summary>The least number; −∞ for no bound.</summary>
    public double Low { get; }

    /// <summary>The greatest number; ∞ for no bound.</summary>
    public double High { get; }

    /// <summary>Every real number.</summary>
    public static Interval All => new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>0 and everything above.</summary>
    public static Interval NonNegative => new(0, double.PositiveInfinity);

    /// <summary>One number.</summary>
    public static Interval Point(double value) => new(value, value);

    /// <summary>Whether it is one number.</summary>
    public bool IsPoint => Low == High;

    /// <summary>Whether all of it is ≥ 0.</summary>
    public bool IsNonNegative => Low >= 0;

    /// <summary>Whether all of it is ≤ 0.</summary>
    public bool IsNonPositive => High <= 0;

    /// <summary>Whether both ends are finite.</summary>
    public bool IsBounded => double.IsFinite(Low) && double.IsFinite(High);

    /// <summary>Whether a number lies in it.</summary>
    public bool Contains(double value) => Low <= value && value <= High;

    /// <summary>Whether another interval lies in it.</summary>
    public bool Contains(Interval other) => Low <= other.Low && other.High <= High;

    /// <summary>What both have; null if they have nothing in common.</summary>
    public Interval? Intersect(Interval other)
    {
        double low = Math.Max(Low, other.Low), high = Math.Min(High, other.High);
        return low <= high ? new(low, high) : null;
    }

    /// <summary>The least interval that holds both.</summary>
    public Interval Union(Interval other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    /// <summary>[−b, −a].</summary>
    public static Interval operator -(Interval x) => new(-x.High, -x.Low);

    /// <summary>[a + c, b + d], rounded outward.</summary>
    public static Interval operator +(Interval x, Interval y) => new(AddDown(x.Low, y.Low), -AddDown(-x.High, -y.High));

    /// <summary>[a − d, b − c], rounded outward.</summary>
    public static Interval operator -(Interval x, Interval y) => x + -y;

    /// <summary>The least and the greatest of the four products of ends, rounded outward.</summary>
    public static Interval operator *(Interval x, Interval y)
    {
        double low = Math.Min(Math.Min(MultiplyDown(x.Low, y.Low), MultiplyDown(x.Low, y.High)), Math.Min(MultiplyDown(x.High, y.Low), MultiplyDown(x.High, y.High)));
        double high = Math.Min(Math.Min(MultiplyDown(-x.Low, y.Low), MultiplyDown(-x.Low, y.High)), Math.Min(MultiplyDown(-x.High, y.Low), MultiplyDown(-x.High, y.High)));
        return new(low, -high);
    }

    /// <summary>x·(1/y); everything where y holds 0 inside, one-sided where 0 is an end of y.</summary>
    public static Interval operator /(Interval x, Interval y)
    {
        if (y.Low < 0 && y.High > 0 || y is { Low: 0, High: 0 })
            return All;
        if (y.High <= 0)
            return -x / -y;
        // y is in [0, ∞] from here; a 0 at its low end stands for numbers as small as one likes, above 0.
        double low = x.Low >= 0 ? DivideDown(x.Low, y.High) : y.Low == 0 ? double.NegativeInfinity : DivideDown(x.Low, y.Low);
        double high = x.High <= 0 ? -DivideDown(-x.High, y.High) : y.Low == 0 ? double.PositiveInfinity : -DivideDown(-x.High, y.Low);
        return new(low, high);
    }

    /// <summary>A number as an interval.</summary>
    public static implicit operator Interval(double value) => Point(value);

    /// <summary>The squares: never below 0.</summary>
    public Interval Square()
    {
        Interval magnitude = Abs();
        return new(Math.Max(0, MultiplyDown(magnitude.Low, magnitude.Low)), -MultiplyDown(-magnitude.High, magnitude.High));
    }

    /// <summary>The magnitudes.</summary>
    public Interval Abs() => Low >= 0 ? this : High <= 0 ? -this : new(0, Math.Max(-Low, High));

    /// <summary>xⁿ for a whole n.</summary>
    public Interval Power(int n) => n switch
    {
        < 0 => Point(1) / Power(-n),
        0 => Point(1),
        1 => this,
        _ when n % 2 == 0 => Power(n / 2).Square() is var even && n == 2 ? Square() : even,
        _ => new(OddPower(Low, n).Low, OddPower(High, n).High),
    };

    /// <summary>The square roots of what is not negative.</summary>
    /// <exception cref="ArgumentException">All of it is negative.</exception>
    public Interval Sqrt()
    {
        if (High < 0)
            throw new ArgumentException($"The square root of {this}; expected an interval that reaches 0.");
        return new(Low <= 0 ? 0 : SqrtDown(Low), SqrtUp(High));
    }

    /// <summary><c>[a, b]</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Low}, {High}]");

    // An odd power rises, so its ends are the powers of the ends; a point's power is |x|ⁿ⁻¹·x.
    private static Interval OddPower(double x, int n) => Point(x).Power(n - 1) * Point(x);

    private static double AddDown(double a, double b)
    {
        double sum = a + b;
        if (double.IsNaN(sum))
            return double.NegativeInfinity; // ∞ − ∞: nothing is known
        if (!double.IsFinite(sum))
            return double.IsPositiveInfinity(sum) && double.IsFinite(a) && double.IsFinite(b) ? double.MaxValue : sum;
        double part = sum - a, error = (a - (sum - part)) + (b - part);
        return error < 0 ? double.BitDecrement(sum) : sum;
    }

    private static double MultiplyDown(double a, double b)
    {
        if (a == 0 || b == 0)
            return 0;
        double product = a * b;
        if (!double.IsFinite(product))
            return double.IsPositiveInfinity(product) && double.IsFinite(a) && double.IsFinite(b) ? double.MaxValue : product;
        // Below this the error itself is too small to be represented.
        if (Math.Abs(product) < 1e-290)
            return double.BitDecrement(product);
        return Math.FusedMultiplyAdd(a, b, -product) < 0 ? double.BitDecrement(product) : product;
    }

    private static double DivideDown(double a, double b)
    {
        if (a == 0 || double.IsInfinity(b))
            return double.IsInfinity(a) ? (a > 0 ? 0 : double.NegativeInfinity) : Math.Min(0, a >= 0 ? 0 : -double.Epsilon);
        double quotient = a / b;
        if (!double.IsFinite(quotient))
            return double.IsPositiveInfinity(quotient) && double.IsFinite(a) ? double.MaxValue : quotient;
        return Math.Abs(quotient) < 1e-290 || Math.Abs(a) < 1e-290 || Math.FusedMultiplyAdd(-quotient, b, a) < 0 ? double.BitDecrement(quotient) : quotient;
    }

    private static double SqrtDown(double a)
    {
        double root = Math.Sqrt(a);
        return double.IsFinite(root) && (Math.FusedMultiplyAdd(-root, root, a) < 0 || a is > 0 and < 1e-290) ? double.BitDecrement(root) : root;
    }

    private static double SqrtUp(double a)
    {
        double root = Math.Sqrt(a);
        return double.IsFinite(root) && (Math.FusedMultiplyAdd(-root, root, a) > 0 || a is > 0 and < 1e-290) ? double.BitIncrement(root) : root;
    }
}
