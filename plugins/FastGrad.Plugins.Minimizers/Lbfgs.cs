using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>BFGS that remembers the last pairs only: 2·memory vectors instead of n² numbers.</summary>
/// <remarks>Liu and Nocedal 1989, with Moré and Thuente's search.</remarks>
/// <param name="memory">The number of pairs.</param>
/// <exception cref="ArgumentOutOfRangeException">The memory is not within 1 and 1000.</exception>
public sealed class Lbfgs(int memory = 10) : Minimizer
{
    private readonly int _memory = memory is >= 1 and <= 1000 ? memory : throw new ArgumentOutOfRangeException(nameof(memory), memory, $"The memory is {memory} pairs; expected 1 to 1000.");

    /// <inheritdoc/>
    public override string Name => "l-bfgs";

    /// <inheritdoc/>
    public override string Source => "Liu and Nocedal 1989, Math. Programming 45";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient;

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] g = new double[x.Length], d = new double[x.Length];
        MoreThuente search = new(run);
        LimitedMemory pairs = new(_memory);
        double f = run.Gradient(x, g);
        while (true)
        {
            if (run.Next(x, f, g) is { } reason)
                return reason;
            Vectors.Scale(-1, g, d);
            pairs.Apply(d);
            double[] s = [.. x], y = [.. g];
            if (search.Search(x, ref f, g, d, pairs.IsEmpty ? Math.Min(1, 1 / Vectors.Norm(g)) : 1) == 0)
            {
                if (pairs.IsEmpty)
                    return run.Spent() ?? ExitReason.Precision;
                pairs.Forget(); // what was learnt no longer helps: start anew from here
                continue;
            }
            Vectors.AddScaled(x, -1, s, s);
            Vectors.AddScaled(g, -1, y, y);
            pairs.Add(s, y);
        }
    }
}
