using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>Newton's equations solved by conjugate gradients, as far as it pays, from products with the Hessian alone; with a line search.</summary>
/// <remarks>
/// Dembo and Steihaug 1983. The inner residual falls to min(½, √‖g‖)·‖g‖. A direction of negative curvature ends the inner loop and is followed.
/// </remarks>
public sealed class NewtonCg : Minimizer
{
    /// <inheritdoc/>
    public override string Name => "newton-cg";

    /// <inheritdoc/>
    public override string Source => "Dembo and Steihaug 1983, Math. Programming 26";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient | MinimizerNeeds.HessianVector;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] g = new double[x.Length], d = new double[x.Length];
        SteihaugSolver solver = new(run);
        MoreThuente search = new(run);
        double f = run.Gradient(x, g);
        while (true)
        {
            if (run.Next(x, f, g) is { } reason)
                return reason;
            solver.Solve(x, g, double.PositiveInfinity, d);
            if (search.Search(x, ref f, g, d) > 0)
                continue;
            Vectors.Scale(-1, g, d);
            if (search.Search(x, ref f, g, d, 1 / Math.Max(1, Vectors.Norm(g))) == 0)
                return run.Spent() ?? ExitReason.Precision;
        }
    }
}
