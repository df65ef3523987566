using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>min ‖r + Jp‖ by reflections, then a line search along p: Newton's method without the residuals' own curvature.</summary>
/// <remarks>Gauss 1809. Quadratic convergence where residuals vanish. Where J has not full rank the direction is damped like Levenberg's.</remarks>
public sealed class GaussNewton : Minimizer
{
    /// <inheritdoc/>
    public override string Name => "gauss-newton";

    /// <inheritdoc/>
    public override string Source => "Nocedal and Wright 2006, Numerical Optimization, 10.3";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Residuals;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] g = new double[x.Length], d = new double[x.Length];
        LinearizedResiduals linear = new(run);
        MoreThuente search = new(run);
        double f = run.Gradient(x, g);
        while (true)
        {
            if (run.Next(x, f, g) is { } reason)
                return reason;
            linear.At(x);
            if (!linear.Step(0, d))
                linear.Step(1e-8, d);
            if (search.Search(x, ref f, g, d) > 0)
                continue;
            Vectors.Scale(-1, g, d);
            if (search.Search(x, ref f, g, d, 1 / Math.Max(1, Vectors.Norm(g))) == 0)
                return run.Spent() ?? ExitReason.Precision;
        }
    }
}
