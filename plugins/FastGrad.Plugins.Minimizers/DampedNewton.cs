using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>Newton's direction, of the Hessian made positive definite where it is not, with a line search.</summary>
/// <remarks>Gill, Murray, Wright 1981, with their modified Cholesky factorization. Quadratic convergence near a regular minimum; n³/6 operations a step.</remarks>
public sealed class DampedNewton : Minimizer
{
    /// <inheritdoc/>
    public override string Name => "newton";

    /// <inheritdoc/>
    public override string Source => "Gill, Murray and Wright 1981, Practical Optimization, 4.4.2";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient | MinimizerNeeds.Hessian;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] g = new double[x.Length], d = new double[x.Length], hessian = new double[x.Length * x.Length];
        MoreThuente search = new(run);
        ModifiedCholesky cholesky = new(x.Length);
        double f = run.Gradient(x, g);
        while (true)
        {
            if (run.Next(x, f, g) is { } reason)
                return reason;
            run.Problem.Hessian!(x, hessian);
            cholesky.Factor(hessian);
            Vectors.Scale(-1, g, d);
            cholesky.Solve(d);
            if (search.Search(x, ref f, g, d) > 0)
                continue;
            Vectors.Scale(-1, g, d);
            if (search.Search(x, ref f, g, d, 1 / Math.Max(1, Vectors.Norm(g))) == 0)
                return run.Spent() ?? ExitReason.Precision;
        }
    }
}
