namespace FastGrad.Optimization.Minimization;

/// <summary>A convex function g that need not be smooth, by its value and its proximal map.</summary>
public interface IProximal
{
    /// <summary>g(x); infinite outside of a set.</summary>
    double Value(ReadOnlySpan<double> x);

    /// <summary>argmin over z of g(z) + ‖z − x‖²/(2t).</summary>
    /// <param name="x">The point.</param>
    /// <param name="t">The step t &gt; 0.</param>
    /// <param name="result">The minimizer z; may be the memory of <paramref name="x"/>.</param>
    void Apply(ReadOnlySpan<double> x, double t, Span<double> result);
}
