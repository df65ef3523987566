namespace FastGrad.Optimization.Minimization;

/// <summary>Looks far ahead along the way that a search has come: whether f falls on without bound, though each step is short.</summary>
/// <remarks>
/// At iterations 64, 128, 256, … f is tried at x + t·s, s being the way since the last time, t = 10, 100, …, as long as it falls by a tenth of
/// what the way behind promises. In a search that has a minimum the first trial mostly fails, so that this costs an evaluation each time.
/// </remarks>
internal sealed class UnboundedRay(double[] start)
{
    private readonly double[] _behind = [.. start], _point = new double[start.Length];
    private double _behindValue = double.NaN;
    private int _due = 32; // where the first way begins

    /// <summary>Whether f was seen below the bound.</summary>
    public bool IsFound { get; private set; }

    public bool IsDue(int iteration) => iteration == _due;

    /// <summary>Looks ahead from x, within the search's budget.</summary>
    public void Probe(MinimizationRun run, ReadOnlySpan<double> x, double value, double bound)
    {
        double fall = _behindValue - value;
        for (double t = 10; fall > 0 && !IsFound && t <= 1e30; t *= 10)
        {
            for (int i = 0; i < x.Length; i++)
                _point[i] = x[i] + t * (x[i] - _behind[i]);
            if (!IsWithin(run.Problem))
                break;
            double there = run.Value(_point) + (run.Problem.Regularizer?.Value(_point) ?? 0);
            if (!(there <= value - 0.1 * t * fall))
                break;
            IsFound = there < bound;
        }
        x.CopyTo(_behind);
        _behindValue = value;
        _due *= 2;
    }

    private bool IsWithin(MinimizationProblem problem)
    {
        ReadOnlySpan<double> lower = problem.Lower.Span, upper = problem.Upper.Span;
        for (int i = 0; i < _point.Length; i++)
        {
            if ((lower.Length > 0 && _point[i] < lower[i]) || (upper.Length > 0 && _point[i] > upper[i]))
                return false;
        }
        return true;
    }
}
