using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers;

/// <summary>What a gradient means under bounds.</summary>
internal sealed class BoundedGradient(MinimizationRun run)
{
    private readonly double[] _projected = new double[run.Dimension];

    /// <summary>x − P(x − g), which is 0 at a minimum within the bounds, and g where there are none.</summary>
    public ReadOnlySpan<double> Project(ReadOnlySpan<double> x, ReadOnlySpan<double> g)
    {
        if (!run.Problem.IsBounded)
        {
            g.CopyTo(_projected);
            return _projected;
        }
        Vectors.AddScaled(x, -1, g, _projected);
        run.Clip(_projected);
        Vectors.AddScaled(x, -1, _projected, _projected);
        return _projected;
    }

    /// <summary>Which variables stand at a bound and are pushed against it.</summary>
    public void Freeze(ReadOnlySpan<double> x, ReadOnlySpan<double> g, Span<bool> frozen)
    {
        ReadOnlySpan<double> lower = run.Problem.Lower.Span, upper = run.Problem.Upper.Span;
        for (int i = 0; i < x.Length; i++)
            frozen[i] = (lower.Length > 0 && x[i] <= lower[i] && g[i] > 0) || (upper.Length > 0 && x[i] >= upper[i] && g[i] < 0);
    }
}
