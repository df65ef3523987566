using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>x ← x − α∇f(x), with α from a line search.</summary>
/// <remarks>
/// Cauchy 1847. With the Armijo search α is halved until f falls by c·α·‖∇f‖² (Armijo 1966); with the Wolfe search the slope is to fall too.
/// The first trial is the last step, doubled. Linear convergence at a rate that falls with the condition number.
/// </remarks>
/// <param name="wolfe">Whether to search for the strong Wolfe conditions instead of Armijo's.</param>
public sealed class GradientDescent(bool wolfe = false) : Minimizer
{
    private const double SufficientDecrease = 1e-4;

    /// <inheritdoc/>
    public override string Name => wolfe ? "gradient-descent-wolfe" : "gradient-descent";

    /// <inheritdoc/>
    public override string Source => "Cauchy 1847; Armijo 1966, Pacific J. Math. 16";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] g = new double[x.Length], d = new double[x.Length], trial = new double[x.Length];
        MoreThuente search = new(run);
        double f = run.Gradient(x, g), step = 1 / Math.Max(1, Vectors.Norm(g));
        while (true)
        {
            if (run.Next(x, f, g) is { } reason)
                return reason;
            Vectors.Scale(-1, g, d);
            step = wolfe ? search.Search(x, ref f, g, d, step) : Armijo(step);
            if (step == 0)
                return run.Spent() ?? ExitReason.Precision;
            step *= 2;
        }

        double Armijo(double first)
        {
            double square = Vectors.Dot(g, g), alpha = first;
            for (int halving = 0; halving < 100 && !run.IsSpent; halving++, alpha /= 2)
            {
                Vectors.AddScaled(x, alpha, d, trial);
                double value = run.Value(trial);
                if (value <= f - SufficientDecrease * alpha * square && value < f)
                {
                    trial.CopyTo(x, 0);
                    f = run.Gradient(x, g);
                    return alpha;
                }
            }
            return 0;
        }
    }
}
