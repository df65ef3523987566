using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>A simplex of n + 1 points that crawls downhill by reflection, expansion, contraction and shrinking: values alone, no derivatives.</summary>
/// <remarks>
/// Nelder and Mead 1965, with the coefficients of Gao and Han 2012, which grow milder with n. Where the simplex has collapsed it starts anew around the best
/// point, until that no longer helps. For a few variables, and for functions that have no gradient. Bounds by projection.
/// </remarks>
public sealed class NelderMead : Minimizer
{
    /// <inheritdoc/>
    public override string Name => "nelder-mead";

    /// <inheritdoc/>
    public override string Source => "Nelder and Mead 1965, Computer J. 7; Gao and Han 2012, Comput. Optim. Appl. 51";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.None;

    /// <inheritdoc/>
    public override bool HonoursBounds => true;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        int n = x.Length;
        double expand = 1 + 2.0 / n, contract = n == 1 ? 0.5 : 0.75 - 0.5 / n, shrink = n == 1 ? 0.5 : 1 - 1.0 / n;
        (double[] X, double F)[] simplex = new (double[], double)[n + 1];
        double[] centre = new double[n];
        double scale = 0.05;
        double start = Spread();
        if (run.Next(simplex[0].X, simplex[0].F, []) is { } first)
            return first;
        while (true)
        {
            Array.Sort(simplex, (a, b) => a.F.CompareTo(b.F));
            if (HasCollapsed())
            {
                simplex[0].X.CopyTo(x, 0);
                if (!(simplex[0].F < start - 1e-15 * Math.Abs(start)))
                    return run.Spent() ?? ExitReason.Precision;
                scale = Math.Max(1e-8, scale / 4);
                start = Spread();
                continue;
            }
            Array.Clear(centre);
            for (int i = 0; i < n; i++)
                Vectors.AddScaled(centre, 1.0 / n, simplex[i].X, centre);
            (double[] X, double F) reflected = At(1);
            if (reflected.F < simplex[0].F)
            {
                (double[] X, double F) further = At(expand);
                simplex[n] = further.F < reflected.F ? further : reflected;
            }
            else if (reflected.F < simplex[n - 1].F)
            {
                simplex[n] = reflected;
            }
            else
            {
                (double[] X, double F) nearer = At(reflected.F < simplex[n].F ? contract : -contract);
                if (nearer.F < Math.Min(reflected.F, simplex[n].F))
                {
                    simplex[n] = nearer;
                }
                else
                {
                    for (int i = 1; i <= n && !run.IsSpent; i++)
                    {
                        for (int j = 0; j < n; j++)
                            simplex[i].X[j] = simplex[0].X[j] + shrink * (simplex[i].X[j] - simplex[0].X[j]);
                        simplex[i].F = Value(simplex[i].X);
                    }
                }
            }
            (double[] X, double F) best = simplex.MinBy(v => v.F);
            ExitReason? reason = run.Next(best.X, best.F, []);
            if (reason is not (null or ExitReason.Precision)) // the best point may rest for many iterations
                return reason.Value;
        }

        // The point c + t(c − worst).
        (double[], double) At(double t)
        {
            double[] point = new double[n];
            for (int j = 0; j < n; j++)
                point[j] = centre[j] + t * (centre[j] - simplex[n].X[j]);
            run.Clip(point);
            return (point, Value(point));
        }

        double Value(double[] point) => run.Value(point) is double value && double.IsNaN(value) ? double.PositiveInfinity : value;

        double Spread()
        {
            simplex[0] = ([.. x], Value(x));
            for (int i = 0; i < n; i++)
            {
                double[] point = [.. x];
                point[i] += scale * (x[i] == 0 ? 1 : Math.Abs(x[i]));
                run.Clip(point);
                if (point[i] == x[i])
                    point[i] -= scale * (x[i] == 0 ? 1 : Math.Abs(x[i]));
                run.Clip(point);
                simplex[i + 1] = (point, Value(point));
            }
            return simplex[0].F;
        }

        bool HasCollapsed()
        {
            double size = 0, values = simplex[n].F - simplex[0].F;
            for (int i = 1; i <= n; i++)
            {
                for (int j = 0; j < n; j++)
                    size = Math.Max(size, Math.Abs(simplex[i].X[j] - simplex[0].X[j]) / Math.Max(1, Math.Abs(simplex[0].X[j])));
            }
            return size <= 1e-14 || (values == 0 && size <= 1e-8);
        }
    }
}
