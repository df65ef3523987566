using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>x ← prox(y − t∇f(y), t) for f + g with g given by its proximal map: soft thresholds for an L1 norm, projections for a set.</summary>
/// <remarks>
/// Plain, y is x: f + g falls like 1/k for convex f. Accelerated (FISTA, Beck and Teboulle 2009), y extrapolates with Nesterov's t_k and it falls like 1/k²;
/// momentum is dropped whenever it points uphill (O'Donoghue and Candès 2015). 1/t is doubled until the quadratic bound holds, and eased a little each step.
/// </remarks>
/// <param name="accelerated">Whether to extrapolate.</param>
public sealed class ProximalGradient(bool accelerated = true) : Minimizer
{
    /// <inheritdoc/>
    public override string Name => accelerated ? "fista" : "proximal-gradient";

    /// <inheritdoc/>
    public override string Source => "Beck and Teboulle 2009, SIAM J. Imaging Sci. 2; O'Donoghue and Candès 2015";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient;

    /// <inheritdoc/>
    public override bool HonoursRegularizer => true;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        IProximal regularizer = run.Problem.Regularizer ?? Proximal.None;
        double[] y = [.. x], g = new double[x.Length], next = new double[x.Length], map = new double[x.Length];
        double lipschitz = 1, momentum = 1;
        while (true)
        {
            double f = run.Gradient(y, g), value;
            if (!double.IsFinite(f) || !double.IsFinite(Vectors.MaxAbs(g)))
                return run.Next(y, f, g) ?? ExitReason.NotFinite;
            while (true)
            {
                Vectors.AddScaled(y, -1 / lipschitz, g, next);
                regularizer.Apply(next, 1 / lipschitz, next);
                value = run.Value(next);
                Vectors.AddScaled(next, -1, y, map);
                double bound = f + Vectors.Dot(g, map) + lipschitz / 2 * Vectors.Dot(map, map);
                if (value <= bound + 1e-14 * Math.Abs(f) || run.IsSpent)
                    break;
                lipschitz *= 2;
            }
            // The gradient mapping L(y − x₊) is 0 exactly at a minimum.
            bool uphill = accelerated && -Vectors.Dot(map, [.. next.Zip(x, (a, b) => a - b)]) > 0;
            Vectors.Scale(-lipschitz, map, map);
            if (run.Next(next, value + regularizer.Value(next), map) is { } reason && reason != ExitReason.Precision)
                return reason;
            double grown = accelerated && !uphill ? (1 + Math.Sqrt(1 + 4 * momentum * momentum)) / 2 : 1;
            double share = accelerated && !uphill ? (momentum - 1) / grown : 0;
            for (int i = 0; i < x.Length; i++)
                (y[i], x[i]) = (next[i] + share * (next[i] - x[i]), next[i]);
            momentum = grown;
            lipschitz *= 0.95;
        }
    }
}
