namespace FastGrad.Plugins.Minimizers;

/// <summary>The interval that a line search closes in on: the best step so far, another end, values and slopes at both.</summary>
/// <remarks>The four cases of Moré and Thuente 1994, section 4: where the next trial goes, from a cubic and a quadratic interpolation.</remarks>
internal sealed class Bracket(double startValue, double startSlope)
{
    private double _lowSlope = startSlope, _highValue = startValue, _highSlope = startSlope;

    /// <summary>The step with the least value so far.</summary>
    public double Low { get; private set; }

    public double LowValue { get; private set; } = startValue;

    /// <summary>The other end.</summary>
    public double High { get; private set; }

    /// <summary>Whether a minimum lies between both ends.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The next step, for the function less its sufficient decrease: until a step with a lower value and a rising slope is found.</summary>
    public double NextModified(double step, double value, double slope, double test, double least, double most)
    {
        LowValue -= Low * test;
        _highValue -= High * test;
        _lowSlope -= test;
        _highSlope -= test;
        double next = Next(step, value - step * test, slope - test, least, most);
        LowValue += Low * test;
        _highValue += High * test;
        _lowSlope += test;
        _highSlope += test;
        return next;
    }

    /// <summary>Takes in a trial, and gives the next step.</summary>
    public double Next(double step, double value, double slope, double least, double most)
    {
        bool turned = slope * _lowSlope < 0;
        double next;
        if (value > LowValue)
        {
            // Higher: a minimum lies between. The cubic's if it is nearer to the lower end than the quadratic's, else their mean.
            double cubic = Cubic(Low, LowValue, _lowSlope, step, value, slope);
            double quadratic = Low + _lowSlope / ((LowValue - value) / (step - Low) + _lowSlope) / 2 * (step - Low);
            next = Math.Abs(cubic - Low) < Math.Abs(quadratic - Low) ? cubic : cubic + (quadratic - cubic) / 2;
            IsClosed = true;
        }
        else if (turned)
        {
            // Lower, slopes of opposite sign: a minimum lies between. The farther of the cubic's and the secant's.
            double cubic = Cubic(Low, LowValue, _lowSlope, step, value, slope), secant = step + slope / (slope - _lowSlope) * (Low - step);
            next = Math.Abs(cubic - step) > Math.Abs(secant - step) ? cubic : secant;
            IsClosed = true;
        }
        else if (Math.Abs(slope) < Math.Abs(_lowSlope))
        {
            // Lower, the same sign, flatter: the cubic may have no minimum in this direction.
            double cubic = CubicBeyond(step, value, slope, least, most), secant = step + slope / (slope - _lowSlope) * (Low - step);
            if (IsClosed)
            {
                next = Math.Abs(cubic - step) < Math.Abs(secant - step) ? cubic : secant;
                double limit = step + 0.66 * (High - step);
                next = step > Low ? Math.Min(limit, next) : Math.Max(limit, next);
            }
            else
            {
                next = Math.Clamp(Math.Abs(cubic - step) > Math.Abs(secant - step) ? cubic : secant, least, most);
            }
        }
        else
        {
            // Lower, the same sign, not flatter: towards the other end, or as far as allowed.
            next = IsClosed ? Cubic(High, _highValue, _highSlope, step, value, slope) : step > Low ? most : least;
        }

        if (value > LowValue)
        {
            (High, _highValue, _highSlope) = (step, value, slope);
        }
        else
        {
            if (turned)
                (High, _highValue, _highSlope) = (Low, LowValue, _lowSlope);
            (Low, LowValue, _lowSlope) = (step, value, slope);
        }
        return double.IsFinite(next) ? next : Low + (High - Low) / 2;
    }

    // The minimizer of the cubic with these values and slopes at a and b.
    private static double Cubic(double a, double fa, double ga, double b, double fb, double gb)
    {
        double theta = 3 * (fa - fb) / (b - a) + ga + gb, size = Math.Max(Math.Abs(theta), Math.Max(Math.Abs(ga), Math.Abs(gb)));
        double gamma = size * Math.Sqrt(Math.Max(0, theta / size * (theta / size) - ga / size * (gb / size)));
        if (b < a)
            gamma = -gamma;
        return a + (gamma - ga + theta) / (gamma - ga + gamma + gb) * (b - a);
    }

    private double CubicBeyond(double step, double value, double slope, double least, double most)
    {
        double theta = 3 * (LowValue - value) / (step - Low) + _lowSlope + slope, size = Math.Max(Math.Abs(theta), Math.Max(Math.Abs(_lowSlope), Math.Abs(slope)));
        double gamma = size * Math.Sqrt(Math.Max(0, theta / size * (theta / size) - _lowSlope / size * (slope / size)));
        if (step > Low)
            gamma = -gamma;
        double r = (gamma - slope + theta) / (gamma + (_lowSlope - slope) + gamma);
        return r < 0 && gamma != 0 ? step + r * (Low - step) : step > Low ? most : least;
    }
}
