using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>d = −H∇f with H, an estimate of the inverse Hessian, corrected after each step: H ← (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ.</summary>
/// <remarks>
/// Broyden, Fletcher, Goldfarb, Shanno 1970, with ρ = 1/(s·y) and Moré and Thuente's search. H starts as the identity, scaled by s·y/‖y‖² after the
/// first step. n² numbers of memory.
/// </remarks>
public sealed class Bfgs : Minimizer
{
    /// <inheritdoc/>
    public override string Name => "bfgs";

    /// <inheritdoc/>
    public override string Source => "Nocedal and Wright 2006, Numerical Optimization, algorithm 6.1";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        int n = x.Length;
        double[] g = new double[n], d = new double[n], s = new double[n], y = new double[n], hy = new double[n], h = new double[n * n];
        MoreThuente search = new(run);
        double f = run.Gradient(x, g);
        bool fresh = true;
        while (true)
        {
            if (run.Next(x, f, g) is { } reason)
                return reason;
            if (fresh)
            {
                Vectors.Scale(-1, g, d);
            }
            else
            {
                for (int i = 0; i < n; i++)
                    d[i] = -Vectors.Dot(h.AsSpan(i * n, n), g);
            }
            x.CopyTo(s, 0);
            g.CopyTo(y, 0);
            double step = search.Search(x, ref f, g, d, fresh ? Math.Min(1, 1 / Vectors.Norm(g)) : 1);
            if (step == 0)
            {
                if (fresh)
                    return run.Spent() ?? ExitReason.Precision;
                fresh = true; // what was learnt no longer helps: start anew from here
                continue;
            }
            Vectors.AddScaled(x, -1, s, s);
            Vectors.AddScaled(g, -1, y, y);
            double sy = Vectors.Dot(s, y);
            if (sy <= 1e-14 * Vectors.Norm(s) * Vectors.Norm(y))
                continue; // no curvature to learn from
            if (fresh)
            {
                Array.Clear(h);
                double scale = sy / Vectors.Dot(y, y);
                for (int i = 0; i < n; i++)
                    h[i * n + i] = scale;
                fresh = false;
            }
            Update(h, s, y, hy, sy);
        }
    }

    private static void Update(double[] h, double[] s, double[] y, double[] hy, double sy)
    {
        int n = s.Length;
        for (int i = 0; i < n; i++)
            hy[i] = Vectors.Dot(h.AsSpan(i * n, n), y);
        double factor = (1 + Vectors.Dot(y, hy) / sy) / sy;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                h[i * n + j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
        }
    }
}
