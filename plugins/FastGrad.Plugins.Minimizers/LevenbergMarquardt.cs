using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>min ‖r + Jp‖² within ‖Dp‖ ≤ Δ, as min ‖r + Jp‖² + λ‖Dp‖² with the λ that reaches Δ; Δ follows how right the linear model was.</summary>
/// <remarks>
/// Levenberg 1944, Marquardt 1963, in Moré's form of 1978 (MINPACK): D is scaled by the columns of J, so that the variables' units do not matter, and λ
/// comes from Hebden's iteration. With bounds, points are projected, and a variable that pushes against its bound stays there for a step.
/// </remarks>
public sealed class LevenbergMarquardt : Minimizer
{
    /// <inheritdoc/>
    public override string Name => "levenberg-marquardt";

    /// <inheritdoc/>
    public override string Source => "Moré 1978, The Levenberg-Marquardt algorithm: implementation and theory";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Residuals;

    /// <inheritdoc/>
    public override bool HonoursBounds => true;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] g = new double[x.Length], p = new double[x.Length], trial = new double[x.Length], residuals = new double[run.Problem.ResidualCount];
        bool[] frozen = new bool[x.Length];
        LinearizedResiduals linear = new(run);
        double f = run.Gradient(x, g), radius = 0, lambda = 0;
        BoundedGradient bounds = new(run);
        if (run.Next(x, f, bounds.Project(x, g)) is { } first)
            return first;
        while (true)
        {
            bounds.Freeze(x, g, frozen);
            linear.At(x, frozen);
            if (radius == 0)
                radius = linear.ScaledNorm(x) is > 0 and double size ? 100 * size : 100;
            while (true)
            {
                lambda = Damp(linear, radius, lambda, p);
                Vectors.AddScaled(x, 1, p, trial);
                run.Clip(trial);
                for (int i = 0; i < p.Length; i++)
                    p[i] = frozen[i] ? 0 : trial[i] - x[i];
                Vectors.AddScaled(x, 1, p, trial);
                run.Clip(trial);
                double length = linear.ScaledNorm(p), value = run.Residual(trial, residuals), predicted = linear.Fall(p), actual = f - value;
                if (double.IsNaN(predicted))
                    return run.Spent() ?? ExitReason.NotFinite;
                double ratio = predicted > 0 && double.IsFinite(value) ? actual / predicted : -1;
                if (!(ratio > 0.25))
                {
                    double shrink = actual >= 0 ? 0.5 : 0.1;
                    radius = shrink * Math.Min(radius, 10 * length);
                    lambda /= shrink;
                }
                else if (lambda == 0 || ratio >= 0.75)
                {
                    radius = Math.Max(radius, 2 * length);
                    lambda /= 2;
                }
                if (ratio >= 1e-4 && actual > 0)
                    break;
                if (run.IsSpent || radius <= 1e-16 * Math.Max(linear.ScaledNorm(x), double.Epsilon) || Math.Abs(predicted) <= 1e-16 * f)
                    return run.Spent() ?? ExitReason.Precision;
            }
            trial.CopyTo(x, 0);
            f = run.Gradient(x, g);
            if (run.Next(x, f, bounds.Project(x, g)) is { } reason)
                return reason;
        }
    }

    // Hebden's iteration for ‖Dp(λ)‖ = Δ within 10 %, held between bounds; λ = 0 where the free minimizer lies within.
    private static double Damp(LinearizedResiduals linear, double radius, double guess, double[] p)
    {
        double low = 0, high = linear.ScaledGradientNorm() / radius;
        if (linear.Step(0, p))
        {
            double length = linear.ScaledNorm(p);
            if (length <= 1.1 * radius)
                return 0;
            low = -(length - radius) / linear.Slope(p, length) * (length / radius);
            low = Math.Max(0, double.IsFinite(low) ? Math.Min(low, high) : 0);
        }
        double lambda = Math.Clamp(guess, low, high);
        if (lambda == 0)
            lambda = Math.Max(1e-3 * high, double.Epsilon);
        for (int k = 0; k < 20; k++)
        {
            linear.Step(lambda, p);
            double length = linear.ScaledNorm(p), excess = length - radius;
            if (Math.Abs(excess) <= 0.1 * radius)
                break;
            if (excess > 0)
                low = Math.Max(low, lambda);
            else
                high = Math.Min(high, lambda);
            double next = lambda - length / radius * (excess / linear.Slope(p, length));
            lambda = next > low && next < high ? next : low > 0 ? Math.Sqrt(low * high) : Math.Max(1e-3 * high, double.Epsilon);
        }
        return lambda;
    }
}
