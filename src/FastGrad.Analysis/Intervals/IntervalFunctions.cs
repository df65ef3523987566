using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Analysis.Intervals;

/// <summary>Elementary functions of intervals: the kernels' values, widened by more than their stated errors and held to what is certain.</summary>
internal static class IntervalFunctions
{
    // The kernels state at most 4 units in the last place for all functions used here.
    private const int Slack = 6;

    private const double Pi = Math.PI;

    public static Interval Exp(Interval x) => Rising(x, Exp<double>.At, exactAt: 0, floor: 0);

    public static Interval Expm1(Interval x) => Rising(x, Expm1<double>.At, exactAt: 0, floor: -1);

    /// <summary>log of what is positive; without a lower bound where x reaches 0.</summary>
    public static Interval Log(Interval x) => Rising(Above(x, 0), Log<double>.At, exactAt: 1);

    public static Interval Log1p(Interval x) => Rising(Above(x, -1), Log1p<double>.At, exactAt: 0);

    public static Interval Cbrt(Interval x) => Rising(x, Cbrt<double>.At, exactAt: 0);

    public static Interval Tanh(Interval x) => Rising(x, Tanh<double>.At, exactAt: 0, -1, 1);

    public static Interval Sigmoid(Interval x) => Rising(x, Sigmoid<double>.At, exactAt: 0, 0, 1);

    public static Interval Erf(Interval x) => Rising(x, Erf<double>.At, exactAt: 0, -1, 1);

    public static Interval Atan(Interval x) => Rising(x, Atan<double>.At, exactAt: 0);

    public static Interval Sinh(Interval x) => Rising(x, Sinh<double>.At, exactAt: 0);

    public static Interval Asinh(Interval x) => Rising(x, Asinh<double>.At, exactAt: 0);

    public static Interval Asin(Interval x) => Rising(Within(x, -1, 1), Asin<double>.At, exactAt: 0);

    public static Interval Acos(Interval x) => -Rising(Within(x, -1, 1), v => -Acos<double>.At(v), exactAt: 1, ceiling: 0);

    public static Interval Acosh(Interval x) => Rising(Above(x, 1), Acosh<double>.At, exactAt: 1, floor: 0);

    public static Interval Atanh(Interval x) => Rising(Within(x, -1, 1), Atanh<double>.At, exactAt: 0);

    public static Interval Cosh(Interval x) => Rising(x.Abs(), Cosh<double>.At, exactAt: 0, floor: 1);

    public static Interval Softplus(Interval x) => Rising(x, v => default(Softplus<double>).Value(new Lane<double>(v)).Value, exactAt: double.NaN, floor: 0);

    public static Interval Sin(Interval x) => Wave(x, Sin<double>.At, crest: Pi / 2);

    public static Interval Cos(Interval x) => Wave(x, Cos<double>.At, crest: 0);

    // 1 if a crest may lie inside, −1 if a trough half a period on may, else between the values at the ends. sin 0 and cos 0 are exact.
    private static Interval Wave(Interval x, Func<double, double> f, double crest)
    {
        if (!x.IsBounded || x.High - x.Low >= 2 * Pi || Math.Max(Math.Abs(x.Low), Math.Abs(x.High)) > 1e9)
            return new(-1, 1);
        Interval ends = Around(f, x.Low, exactAt: 0).Union(Around(f, x.High, exactAt: 0));
        return new(MayHold(x, crest + Pi) ? -1 : Math.Max(-1, ends.Low), MayHold(x, crest) ? 1 : Math.Min(1, ends.High));
    }

    /// <summary>tan: everything where a pole may lie inside.</summary>
    public static Interval Tan(Interval x)
    {
        if (!x.IsBounded || x.High - x.Low >= Pi || Math.Max(Math.Abs(x.Low), Math.Abs(x.High)) > 1e9 || MayHold(x, Pi / 2) || MayHold(x, -Pi / 2))
            return Interval.All;
        return Rising(x, Tan<double>.At, exactAt: 0);
    }

    /// <summary>Whether place + 2πk, for some whole k, lies inside, or so near that rounding cannot tell.</summary>
    private static bool MayHold(Interval x, double place)
    {
        double slack = 1e-14 * (1 + Math.Max(Math.Abs(x.Low), Math.Abs(x.High)));
        double k = Math.Ceiling((x.Low - slack - place) / (2 * Pi));
        // Both neighbours are tried too: the quotient is rounded.
        for (double n = k - 1; n <= k + 1; n++)
        {
            double at = place + 2 * Pi * n;
            if (at >= x.Low - slack && at <= x.High + slack)
                return true;
        }
        return false;
    }

    private static Interval Rising(Interval x, Func<double, double> f, double exactAt, double floor = double.NegativeInfinity, double ceiling = double.PositiveInfinity)
    {
        double low = Around(f, x.Low, exactAt).Low, high = Around(f, x.High, exactAt).High;
        return new(Math.Clamp(low, floor, ceiling), Math.Clamp(high, floor, ceiling));
    }

    // What holds the true f(x): the kernel's value alone where that is known to be exact, else a few units to each side.
    private static Interval Around(Func<double, double> f, double x, double exactAt)
    {
        double value = f(x);
        if (x == exactAt)
            return value;
        if (double.IsInfinity(value))
            return double.IsInfinity(x) || x == 0 || Math.Abs(x) == 1 ? new(value, value) : value > 0 ? new(double.MaxValue, value) : new(value, double.MinValue);
        double slack = Slack * (Math.BitIncrement(Math.Abs(value)) - Math.Abs(value));
        return new(value - slack, value + slack);
    }

    private static Interval Above(Interval x, double floor) => x.Intersect(new(floor, double.PositiveInfinity)) ?? throw Outside(x, floor, double.PositiveInfinity);

    private static Interval Within(Interval x, double low, double high) => x.Intersect(new(low, high)) ?? throw Outside(x, low, high);

    private static ArgumentException Outside(Interval x, double low, double high) => new($"The argument lies in {x}, outside the function's domain {new Interval(low, high)}.");
}
