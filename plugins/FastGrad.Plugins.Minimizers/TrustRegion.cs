using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>How the quadratic model is minimized within the region.</summary>
public enum TrustRegionStep
{
    /// <summary>Conjugate gradients that stop at the boundary: products with the Hessian alone. Steihaug 1983.</summary>
    Steihaug,

    /// <summary>Along the path from the Cauchy point to Newton's point. Powell 1970.</summary>
    Dogleg,
}

/// <summary>Steps that minimize a quadratic model within a radius, which grows where the model was right and shrinks where it was not.</summary>
/// <remarks>Nocedal and Wright 2006, algorithm 4.1. Negative curvature is followed to the boundary. Moré 1983; Conn, Gould, Toint 2000.</remarks>
/// <param name="step">How the model is minimized.</param>
public sealed class TrustRegion(TrustRegionStep step = TrustRegionStep.Steihaug) : Minimizer
{
    /// <inheritdoc/>
    public override string Name => step == TrustRegionStep.Steihaug ? "trust-ncg" : "dogleg";

    /// <inheritdoc/>
    public override string Source => "Nocedal and Wright 2006, Numerical Optimization, algorithm 4.1";

    /// <inheritdoc/>
    public override MinimizerNeeds Needs => MinimizerNeeds.Gradient | (step == TrustRegionStep.Steihaug ? MinimizerNeeds.HessianVector : MinimizerNeeds.Hessian);

    /// <inheritdoc/>
    protected override ExitReason Search(MinimizationRun run, double[] x)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(x);
        double[] g = new double[x.Length], p = new double[x.Length], trial = new double[x.Length], there = new double[x.Length];
        SteihaugSolver? steihaug = step == TrustRegionStep.Steihaug ? new(run) : null;
        DoglegSolver? dogleg = steihaug is null ? new(run) : null;
        double f = run.Gradient(x, g), radius = Math.Max(1, Vectors.Norm(x) / 10);
        if (run.Next(x, f, g) is { } first)
            return first;
        while (true)
        {
            double predicted = steihaug?.Solve(x, g, radius, p) ?? dogleg!.Solve(x, g, radius, p);
            if (double.IsNaN(predicted))
                return ExitReason.NotFinite;
            double length = Vectors.Norm(p);
            Vectors.AddScaled(x, 1, p, trial);
            double value = run.Gradient(trial, there), actual = f - value;
            // Where the fall is lost in the rounding of f, the slopes tell: ½(g + g₊)·p.
            if (Math.Abs(actual) <= 1e-13 * Math.Abs(f) && predicted <= 1e-13 * Math.Abs(f))
                actual = -(Vectors.Dot(g, p) + Vectors.Dot(there, p)) / 2;
            double ratio = predicted > 0 ? actual / predicted : -1;
            if (double.IsNegativeInfinity(value))
                return ExitReason.Unbounded;
            if (!(ratio >= 0.25))
                radius = 0.25 * Math.Min(radius, length);
            else if (ratio > 0.75 && length > 0.99 * radius)
                radius *= 2;
            if (ratio > 1e-4)
            {
                trial.CopyTo(x, 0);
                there.CopyTo(g, 0);
                f = value;
                if (run.Next(x, f, g) is { } reason)
                    return reason;
            }
            else if (radius <= 1e-16 * Math.Max(1, Vectors.Norm(x)) || run.IsSpent)
            {
                return run.Spent() ?? ExitReason.Precision;
            }
        }
    }
}
