using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>A step along a descent direction that satisfies the strong Wolfe conditions: f(α) ≤ f(0) + μαf′(0) and |f′(α)| ≤ η|f′(0)|.</summary>
/// <remarks>
/// Moré and Thuente 1994, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20. Where values differ by rounding only,
/// the slope alone decides (Hager and Zhang 2005, the approximate Wolfe condition). A step to where f is not finite is halved towards
/// the last good one.
/// </remarks>
internal sealed class MoreThuente(MinimizationRun run, double sufficientDecrease = 1e-4, double curvature = 0.9)
{
    private const double Rounding = 1e-14;

    // Far enough that a line along which f falls forever shows as such within one search of 60 trials.
    private const double Longest = 1e25;

    private readonly double[] _trial = new double[run.Dimension];

    /// <summary>Moves x to x + α·d, with its value and gradient.</summary>
    /// <param name="x">The point; moved where the search succeeds.</param>
    /// <param name="f">f(x); replaced.</param>
    /// <param name="g">∇f(x); replaced.</param>
    /// <param name="d">The direction.</param>
    /// <param name="first">The step to try first.</param>
    /// <param name="longest">The longest step.</param>
    /// <returns>The step; 0 where no step is better, and then nothing is changed.</returns>
    public double Search(double[] x, ref double f, double[] g, ReadOnlySpan<double> d, double first = 1, double longest = Longest)
    {
        double start = f, slope = Vectors.Dot(g, d);
        if (!(slope < 0) || !double.IsFinite(slope))
            return 0;
        Bracket bracket = new(start, slope);
        double[] gradient = new double[g.Length];
        double test = sufficientDecrease * slope, step = Math.Min(first, longest), least = 0, most = 5 * step, width = longest, before = 2 * longest;
        bool modified = true;
        double bestStep = 0, bestValue = start;
        double[] bestGradient = gradient;
        for (int trial = 0; trial < 60; trial++)
        {
            Vectors.AddScaled(x, step, d, _trial);
            double value = run.Gradient(_trial, gradient), derivative = Vectors.Dot(gradient, d);
            if (!double.IsFinite(value) || !double.IsFinite(derivative))
            {
                if (value == double.NegativeInfinity)
                    return Take(x, ref f, g, d, step, value, gradient);
                longest = step;
                step = bracket.Low + (step - bracket.Low) / 2;
                if (run.IsSpent || step == bracket.Low)
                    break;
                continue;
            }
            if (value < bestValue)
                (bestStep, bestValue, bestGradient) = (step, value, [.. gradient]);
            bool enough = value <= start + step * test || (value <= start + Rounding * Math.Abs(start) && derivative <= (2 * sufficientDecrease - 1) * slope);
            if (enough && Math.Abs(derivative) <= curvature * -slope)
                return Take(x, ref f, g, d, step, value, gradient);
            if (run.IsSpent || (step >= longest && enough && derivative <= test) || (bracket.IsClosed && (step <= least || step >= most)))
                break;

            if (modified && value <= start + step * test && derivative >= 0)
                modified = false;
            if (modified && value <= bracket.LowValue && value > start + step * test)
                step = bracket.NextModified(step, value, derivative, test, least, most);
            else
                step = bracket.Next(step, value, derivative, least, most);
            if (bracket.IsClosed)
            {
                double now = Math.Abs(bracket.High - bracket.Low);
                if (now >= 0.66 * before)
                    step = bracket.Low + (bracket.High - bracket.Low) / 2;
                (before, width) = (width, now);
                (least, most) = (Math.Min(bracket.Low, bracket.High), Math.Max(bracket.Low, bracket.High));
                if (most - least <= 1e-16 * most)
                    break;
            }
            else
            {
                (least, most) = (step + 1.1 * (step - bracket.Low), step + 4 * (step - bracket.Low));
            }
            step = Math.Clamp(step, 0, longest);
        }
        // No step satisfies both conditions within the budget: the best that lowers f will do.
        return bestStep > 0 ? Take(x, ref f, g, d, bestStep, bestValue, bestGradient) : 0;
    }

    private static double Take(double[] x, ref double f, double[] g, ReadOnlySpan<double> d, double step, double value, double[] gradient)
    {
        Vectors.AddScaled(x, step, d, x);
        f = value;
        gradient.CopyTo(g, 0);
        return step;
    }
}
