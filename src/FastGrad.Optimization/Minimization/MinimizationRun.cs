namespace FastGrad.Optimization.Minimization;

/// <summary>One search under way: it evaluates, counts, remembers the best point, and says when to stop.</summary>
/// <remarks>
/// Once the budget of evaluations is spent, or the caller has cancelled, nothing is evaluated any more: what is asked for is NaN, and gradients and residuals stay
/// as they were. So a search that takes NaN for a point from which there is no way on keeps its budget exactly.
/// </remarks>
public sealed class MinimizationRun
{
    // Iterations in a row that lower neither value nor gradient: what still moves is rounding.
    private const int MostIdle = 50;

    private readonly MinimizationOptions _options;
    private readonly double[] _best;
    private readonly double[] _before;
    private double _startSize = double.NaN, _bestValue = double.NaN, _lastValue = double.PositiveInfinity, _gradientNorm = double.NaN;
    private double _leastValue = double.PositiveInfinity, _leastGradient = double.PositiveInfinity;
    private readonly UnboundedRay _ray;
    private int _iterations, _evaluations, _idle;

    internal MinimizationRun(MinimizationProblem problem, MinimizationOptions options, double[] start)
    {
        (Problem, _options) = (problem, options);
        Clip(start);
        (_best, _before, _ray) = ([.. start], [.. start], new(start));
    }

    /// <summary>The problem.</summary>
    public MinimizationProblem Problem { get; }

    /// <summary>The number of variables.</summary>
    public int Dimension => Problem.Dimension;

    /// <summary>Whether searches end at once: the budget of evaluations is spent, the caller has cancelled, the target is reached, or the value falls without bound.</summary>
    public bool IsSpent => IsOver || _bestValue <= _options.TargetValue || IsUnbounded(_bestValue);

    private bool IsOver => _evaluations >= _options.MaxEvaluations || _options.Cancellation.IsCancellationRequested;

    /// <summary>f(x).</summary>
    public double Value(ReadOnlySpan<double> x) => IsOver ? double.NaN : Count(x, Problem.Value(x));

    /// <summary>f(x), and ∇f(x).</summary>
    public double Gradient(ReadOnlySpan<double> x, Span<double> gradient) => IsOver ? double.NaN : Count(x, Problem.Gradient!(x, gradient));

    /// <summary>r(x), and Σ r².</summary>
    public double Residual(ReadOnlySpan<double> x, Span<double> residuals)
    {
        if (IsOver)
            return double.NaN;
        Problem.Residual!(x, residuals);
        return Count(x, Vectors.Dot(residuals, residuals));
    }

    /// <summary>∇²f(x)·v.</summary>
    public void HessianVector(ReadOnlySpan<double> x, ReadOnlySpan<double> v, Span<double> product, Span<double> scratch)
    {
        if (Problem.HessianVector is { } function)
        {
            function(x, v, product);
            return;
        }
        Problem.Hessian!(x, scratch);
        for (int i = 0; i < product.Length; i++)
            product[i] = Vectors.Dot(scratch.Slice(i * v.Length, v.Length), v);
    }

    /// <summary>Whether there are products with the Hessian.</summary>
    public bool HasHessianVector => Problem.HessianVector is not null || Problem.Hessian is not null;

    /// <summary>Whether products with the Hessian come from the Hessian itself, which takes n² numbers of scratch.</summary>
    public bool FormsHessian => Problem is { HessianVector: null, Hessian: not null };

    /// <summary>Moves a point into the bounds.</summary>
    public void Clip(Span<double> x)
    {
        ReadOnlySpan<double> lower = Problem.Lower.Span, upper = Problem.Upper.Span;
        for (int i = 0; i < x.Length; i++)
        {
            if (lower.Length > 0 && x[i] < lower[i])
                x[i] = lower[i];
            if (upper.Length > 0 && x[i] > upper[i])
                x[i] = upper[i];
        }
    }

    /// <summary>Why the search must end before its next iteration, if it must. Called once before the first and after each.</summary>
    /// <param name="x">The current point.</param>
    /// <param name="value">f there, with the regularizer.</param>
    /// <param name="gradient">The gradient there, projected where there are bounds; empty where it is not known.</param>
    public ExitReason? Next(ReadOnlySpan<double> x, double value, ReadOnlySpan<double> gradient)
    {
        if (!double.IsFinite(value))
            return value == double.NegativeInfinity ? ExitReason.Unbounded : Spent() ?? ExitReason.NotFinite;
        if (gradient.Length > 0)
        {
            _gradientNorm = Vectors.MaxAbs(gradient);
            if (!double.IsFinite(_gradientNorm))
                return ExitReason.NotFinite;
        }
        _options.Visited?.Invoke(x, value);
        _idle = value < _leastValue - 1e-15 * Math.Abs(_leastValue) || _gradientNorm < 0.99 * _leastGradient || double.IsPositiveInfinity(_leastValue) ? 0 : _idle + 1;
        _leastValue = Math.Min(_leastValue, value);
        _leastGradient = double.IsNaN(_gradientNorm) ? _leastGradient : Math.Min(_leastGradient, _gradientNorm);
        bool first = double.IsPositiveInfinity(_lastValue);
        double decrease = _lastValue - value, move = 0;
        for (int i = 0; i < x.Length; i++)
            move = Math.Max(move, Math.Abs(x[i] - _before[i]) / Math.Max(1, Math.Abs(x[i])));
        x.CopyTo(_before);
        _lastValue = value;
        if (!first)
        {
            _iterations++;
            if (Problem.Residual is null && _ray.IsDue(_iterations)) // a sum of squares has a bound
                _ray.Probe(this, x, value, _options.UnboundedValue * _startSize);
            _options.Progress?.Invoke(new(_iterations, _evaluations, value, _gradientNorm));
        }
        double size = Math.Max(1, Math.Abs(value));
        return _gradientNorm <= _options.GradientTolerance * Math.Min(size, _startSize) ? ExitReason.GradientTolerance
            : value <= _options.TargetValue ? ExitReason.TargetReached
            : IsUnbounded(value) || _ray.IsFound ? ExitReason.Unbounded
            // Budgets come first: some searches go on after what reads as precision.
            : Spent() is { } spent ? spent
            : _iterations >= _options.MaxIterations ? ExitReason.MaxIterations
            : !first && move <= _options.StepTolerance ? (_options.StepTolerance > 0 ? ExitReason.StepTolerance : ExitReason.Precision)
            : _idle >= MostIdle ? ExitReason.Precision
            : !first && decrease >= 0 && decrease < _options.ValueTolerance * size ? ExitReason.ValueTolerance
            : null;
    }

    /// <summary>Why searches end at once; null while they need not.</summary>
    public ExitReason? Spent() =>
        _options.Cancellation.IsCancellationRequested ? ExitReason.Cancelled
        : _bestValue <= _options.TargetValue ? ExitReason.TargetReached
        : IsUnbounded(_bestValue) ? ExitReason.Unbounded
        : _evaluations >= _options.MaxEvaluations ? ExitReason.MaxEvaluations
        : null;

    internal MinimizationResult End(ExitReason reason, string minimizer) =>
        new(_best, _bestValue, _gradientNorm, _iterations, _evaluations, reason) { Minimizer = minimizer };

    // Comparisons with NaN are false: before there is a start nothing is unbounded.
    private bool IsUnbounded(double value) => value < _options.UnboundedValue * _startSize;

    private double Count(ReadOnlySpan<double> x, double value)
    {
        _evaluations++;
        double whole = Problem.Regularizer is { } regularizer ? value + regularizer.Value(x) : value;
        if (double.IsNaN(_startSize) && double.IsFinite(whole))
            _startSize = Math.Max(1, Math.Abs(whole));
        if (whole < _bestValue || double.IsNaN(_bestValue))
        {
            _bestValue = whole;
            x.CopyTo(_best);
        }
        return value;
    }
}
