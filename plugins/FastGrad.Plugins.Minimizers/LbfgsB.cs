using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>L-BFGS within bounds l ≤ x ≤ u: variables at a bound that is pushed against stay, the others take the quasi-Newton step, projected.</summary>
/// <remarks>
/// Bertsekas 1982's two-metric projection with the limited-memory matrix of Byrd, Lu, Nocedal, Zhu 1995. Deviation from the latter: the set of variables
/// at bounds comes from the gradient's signs, not from a search for the generalized Cauchy point.
/// </remarks>
/// <param name="memory">The number of pairs.</param>
/// <exception cref="ArgumentOutOfRangeException">The memory is not within 1 and 1000.</exception>
public sealed class LbfgsB(int memory = 10) : Minimizer
{
    private readonly int _memory = memory is >= 1 and <= 1000 ? memory : throw new ArgumentOutOfRangeException(nameof(memory), memory, $"The memory is {memory} pairs; expected 1 to 1000.");

    /// <inheritdoc/>
    public override string Name => "l-bfgs-b";

    /// <inheritdoc/>
    public override string Source => "Byrd, Lu, Nocedal and Zhu 1995, SIAM J. Sci. Comput. 16; Bertsekas 1982, SIAM J. Control Optim. 20";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient;

    /// <inheritdoc/>
    public override bool HonoursBounds => true;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] g = new double[x.Length], d = new double[x.Length], trial = new double[x.Length], there = new double[x.Length];
        bool[] frozen = new bool[x.Length];
        BoundedGradient bounds = new(run);
        LimitedMemory pairs = new(_memory);
        double f = run.Gradient(x, g), reach = 1;
        while (true)
        {
            if (run.Next(x, f, bounds.Project(x, g)) is { } reason)
                return reason;
            bounds.Freeze(x, g, frozen);
            Free(g, d);
            Vectors.Scale(-1, d, d);
            pairs.Apply(d);
            Free(d, d);
            if (!(Vectors.Dot(d, g) < 0))
            {
                pairs.Forget();
                Free(g, d);
                Vectors.Scale(-1, d, d);
            }
            if (!Move(reach * (pairs.IsEmpty ? Math.Min(1, 1 / Vectors.Norm(d)) : 1)))
            {
                if (pairs.IsEmpty)
                    return run.Spent() ?? ExitReason.Precision;
                pairs.Forget();
                continue;
            }
            double[] s = new double[x.Length], y = new double[x.Length];
            Vectors.AddScaled(trial, -1, x, s);
            Vectors.AddScaled(there, -1, g, y);
            reach = pairs.Add(s, y) ? 1 : 10 * reach; // no curvature along the step: the way down may be long
            trial.CopyTo(x, 0);
            there.CopyTo(g, 0);
        }

        void Free(ReadOnlySpan<double> from, Span<double> to)
        {
            for (int i = 0; i < to.Length; i++)
                to[i] = frozen[i] ? 0 : from[i];
        }

        // Armijo's rule along the projected ray.
        bool Move(double step)
        {
            for (int halving = 0; halving < 60 && !run.IsSpent; halving++, step /= 2)
            {
                Vectors.AddScaled(x, step, d, trial);
                run.Clip(trial);
                double slope = 0;
                for (int i = 0; i < x.Length; i++)
                    slope += g[i] * (trial[i] - x[i]);
                double value = run.Gradient(trial, there);
                if (slope < 0 && (value <= f + 1e-4 * slope || (value <= f + 1e-14 * Math.Abs(f) && Math.Abs(slope) <= 1e-13 * Math.Abs(f))) && (value < f || Vectors.MaxAbs(there) < Vectors.MaxAbs(g)))
                {
                    f = value;
                    return true;
                }
            }
            return false;
        }
    }
}
