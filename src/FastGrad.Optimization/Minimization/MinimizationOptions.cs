namespace FastGrad.Optimization.Minimization;

/// <summary>When a minimizer stops, and who watches it.</summary>
public sealed record MinimizationOptions
{
    /// <summary>The default options.</summary>
    public static MinimizationOptions Default { get; } = new();

    /// <summary>The most iterations.</summary>
    public int MaxIterations { get; init; } = 1000;

    /// <summary>The most evaluations of the function or its residuals, never exceeded; a gradient counts as one, products with the Hessian do not count.</summary>
    public int MaxEvaluations { get; init; } = 10_000;

    /// <summary>Converged when max |∂f/∂xᵢ| ≤ this times max(1, |f|), with the lesser |f| of here and of the start: a steep fall is no minimum.</summary>
    public double GradientTolerance { get; init; } = 1e-10;

    /// <summary>Converged when an iteration moves no variable by more than this times max(1, |xᵢ|).</summary>
    public double StepTolerance { get; init; }

    /// <summary>Converged when an iteration lowers f by less than this times max(1, |f|).</summary>
    public double ValueTolerance { get; init; }

    /// <summary>Done as soon as f is at most this.</summary>
    public double TargetValue { get; init; } = double.NegativeInfinity;

    /// <summary>A value below this times max(1, |f| at the start) is taken for a fall without bound.</summary>
    public double UnboundedValue { get; init; } = -1e20;

    /// <summary>Sees each iteration.</summary>
    public Action<MinimizationProgress>? Progress { get; init; }

    /// <summary>Sees the start and the point after each iteration, with the value there; the numbers are the search's own, to be copied.</summary>
    public ValueObserver? Visited { get; init; }

    /// <summary>Stops the search between evaluations; the best point so far is the result.</summary>
    public CancellationToken Cancellation { get; init; }

    internal void Require()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxIterations);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxEvaluations);
        foreach ((double tolerance, string name) in (ReadOnlySpan<(double, string)>)[(GradientTolerance, nameof(GradientTolerance)), (StepTolerance, nameof(StepTolerance)), (ValueTolerance, nameof(ValueTolerance))])
        {
            if (!(tolerance >= 0))
                throw new ArgumentOutOfRangeException(name, tolerance, $"{name} is {tolerance}; expected 0 or above.");
        }
        if (double.IsNaN(TargetValue))
            throw new ArgumentOutOfRangeException(nameof(TargetValue), TargetValue, "TargetValue is not a number; expected one, or negative infinity for none.");
        if (!(UnboundedValue < 0))
            throw new ArgumentOutOfRangeException(nameof(UnboundedValue), UnboundedValue, $"UnboundedValue is {UnboundedValue}; expected a number below 0.");
    }
}

/// <summary>Where a search stands after an iteration.</summary>
/// <param name="Iteration">The iteration, from 1.</param>
/// <param name="Evaluations">The evaluations so far.</param>
/// <param name="Value">f at the current point.</param>
/// <param name="GradientNorm">max |∂f/∂xᵢ| there; NaN for minimizers without gradients.</param>
public readonly record struct MinimizationProgress(int Iteration, int Evaluations, double Value, double GradientNorm);
