using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>d = P(x − α∇f) − x for a convex set given by its projection P, with Armijo's search along d.</summary>
/// <remarks>
/// The spectral projected gradient of Birgin, Martínez, Raydan 2000, with the monotone search: α is Barzilai and Borwein's s·s/(s·y), held within 1e−10
/// and 1e10 where there is curvature. The set is the problem's regularizer (<see cref="Proximal.Box"/>, <see cref="Proximal.Simplex"/>, a ball), or its bounds.
/// </remarks>
public sealed class ProjectedGradient : Minimizer
{
    /// <inheritdoc/>
    public override string Name => "projected-gradient";

    /// <inheritdoc/>
    public override string Source => "Birgin, Martínez and Raydan 2000, SIAM J. Optim. 10";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient;

    /// <inheritdoc/>
    public override bool HonoursBounds => true;

    /// <inheritdoc/>
    public override bool HonoursRegularizer => true;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] g = new double[x.Length], d = new double[x.Length], trial = new double[x.Length], there = new double[x.Length], map = new double[x.Length];
        Project(x);
        double f = run.Gradient(x, g), alpha = 1 / Math.Max(1, Vectors.Norm(g));
        while (true)
        {
            // x − P(x − g); without a set g itself, which far from 0 has digits that x − (x − g) has not.
            g.CopyTo(map, 0);
            if (run.Problem.IsBounded || run.Problem.Regularizer is not null)
            {
                Vectors.AddScaled(x, -1, g, map);
                Project(map);
                Vectors.AddScaled(x, -1, map, map);
            }
            if (run.Next(x, f, map) is { } reason)
                return reason;
            Vectors.AddScaled(x, -alpha, g, d);
            Project(d);
            Vectors.AddScaled(d, -1, x, d);
            double slope = Vectors.Dot(g, d), step = 1, value = double.NaN;
            bool moved = false;
            for (int halving = 0; halving < 60 && !moved && slope < 0 && !run.IsSpent; halving++)
            {
                Vectors.AddScaled(x, step, d, trial);
                run.Clip(trial); // rounding may step over a bound
                value = run.Gradient(trial, there);
                moved = value <= f + 1e-4 * step * slope && value < f;
                step /= moved ? 1 : 2;
            }
            if (!moved)
                return run.Spent() ?? ExitReason.Precision;
            double ss = 0, sy = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double s = trial[i] - x[i];
                (ss, sy) = (ss + s * s, sy + s * (there[i] - g[i]));
            }
            // Without curvature steps grow, or a fall without bound would not show.
            alpha = sy > 0 ? Math.Clamp(ss / sy, 1e-10, 1e10) : Math.Max(1e10, 10 * alpha);
            trial.CopyTo(x, 0);
            there.CopyTo(g, 0);
            f = value;
        }

        void Project(double[] point)
        {
            run.Problem.Regularizer?.Apply(point, 1, point);
            run.Clip(point);
        }
    }
}
