namespace FastGrad.Analysis.Checks;

/// <summary>Derivatives from values alone: central differences with Richardson extrapolation.</summary>
/// <remarks>
/// Slopes over h, h/2 and h/4 are combined so that the terms in h² and h⁴ vanish: the error is O(h⁶) and about 16·ε|f|/h from rounding.
/// Richardson 1911, "The approximate arithmetical solution by finite differences of physical problems".
/// </remarks>
public static class NumericDerivative
{
    /// <summary>d/dt f(t) at t = 0 of a function with several results.</summary>
    /// <param name="f">The function; it is called at ±h, ±h/2 and ±h/4.</param>
    /// <param name="h">The largest step.</param>
    public static double[] Along(Func<double, double[]> f, double h)
    {
        ArgumentNullException.ThrowIfNull(f);
        double[] coarse = Slopes(f, h), middle = Slopes(f, h / 2), fine = Slopes(f, h / 4);
        for (int i = 0; i < fine.Length; i++)
        {
            double first = (4 * middle[i] - coarse[i]) / 3, second = (4 * fine[i] - middle[i]) / 3;
            fine[i] = (16 * second - first) / 15;
        }
        return fine;
    }

    /// <summary>f′(x) of a function of one number.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">The point.</param>
    /// <param name="h">The largest step.</param>
    public static double At(Func<double, double> f, double x, double h)
    {
        ArgumentNullException.ThrowIfNull(f);
        return Along(t => [f(x + t)], h)[0];
    }

    /// <summary>f′(x) with an estimate of its error, from a table of central slopes over h, h/2, h/4, …</summary>
    /// <remarks>
    /// Row k extrapolates the slopes over h … h/2ᵏ; column j has the powers of h up to 2j removed. The entry with the least difference to its neighbours, plus
    /// rounding ε|f|/step, is the answer; the table ends where differences grow. Ridders 1982, "Accurate computation of F′(x) and F′(x)F″(x)". On smooth functions of size
    /// 1 it leaves 10⁻¹⁰ to 10⁻¹³; in noise the estimate says so. A kink at x, or nearer than h/512, is not seen: a central slope gives the mean of its sides.
    /// </remarks>
    /// <param name="f">The function; it is called at most 20 times, at x ± h/2ᵏ.</param>
    /// <param name="x">The point.</param>
    /// <param name="h">The largest step: the length over which f changes by something, not a small number.</param>
    /// <exception cref="ArgumentOutOfRangeException">h is not above 0.</exception>
    public static NumericEstimate Estimate(Func<double, double> f, double x, double h)
    {
        ArgumentNullException.ThrowIfNull(f);
        if (!(h > 0 && double.IsFinite(h)))
            throw new ArgumentOutOfRangeException(nameof(h), h, "Expected a step above 0.");
        const int Rows = 10;
        const double Epsilon = 2.220446049250313e-16;
        var above = new double[Rows]; // the row before
        NumericEstimate best = new(double.NaN, double.PositiveInfinity, h);
        for (int k = 0; k < Rows; k++)
        {
            double step = Math.ScaleB(h, -k), up = f(x + step), down = f(x - step);
            var row = new double[Rows];
            row[0] = (up - down) / (x + step - (x - step)); // the step that was taken, after rounding
            double rounding = Epsilon * (Math.Abs(up) + Math.Abs(down) + Math.Abs(x * row[0])) / step, least = double.PositiveInfinity, power = 1;
            for (int j = 1; j <= k; j++)
            {
                power *= 4;
                row[j] = (power * row[j - 1] - above[j - 1]) / (power - 1);
                double error = Math.Max(Math.Abs(row[j] - row[j - 1]), Math.Abs(row[j] - above[j - 1])) + rounding;
                least = Math.Min(least, error);
                if (error < best.Error)
                    best = new(row[j], error, step);
            }
            if (k > 2 && least > 4 * best.Error)
                break;
            above = row;
        }
        return best;
    }

    private static double[] Slopes(Func<double, double[]> f, double h)
    {
        double[] above = f(h), below = f(-h);
        for (int i = 0; i < above.Length; i++)
            above[i] = (above[i] - below[i]) / (2 * h);
        return above;
    }
}
