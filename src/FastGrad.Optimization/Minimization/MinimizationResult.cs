namespace FastGrad.Optimization.Minimization;

/// <summary>Why a search ended.</summary>
public enum ExitReason
{
    /// <summary>The gradient is within its tolerance.</summary>
    GradientTolerance,

    /// <summary>Steps are within their tolerance.</summary>
    StepTolerance,

    /// <summary>The value falls by less than its tolerance.</summary>
    ValueTolerance,

    /// <summary>The target value is reached.</summary>
    TargetReached,

    /// <summary>No step lowers the value by more than rounding, or fifty in a row lowered neither value nor gradient.</summary>
    Precision,

    /// <summary>The budget of iterations is spent.</summary>
    MaxIterations,

    /// <summary>The budget of evaluations is spent.</summary>
    MaxEvaluations,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>The value or a derivative is not finite at a point from which there is no way on.</summary>
    NotFinite,

    /// <summary>The value falls without bound: it fell below <see cref="MinimizationOptions.UnboundedValue"/>.</summary>
    Unbounded,
}

/// <summary>What a minimizer found. Non-convergence is a result, told by <see cref="Reason"/>, and not an exception.</summary>
/// <param name="Point">The best point seen.</param>
/// <param name="Value">f there, with the regularizer; NaN where nothing could be evaluated.</param>
/// <param name="GradientNorm">max |∂f/∂xᵢ| at the last point where it was known; NaN if never.</param>
/// <param name="Iterations">The iterations.</param>
/// <param name="Evaluations">The evaluations of f, of its gradient or of its residuals.</param>
/// <param name="Reason">Why the search ended.</param>
public sealed record MinimizationResult(double[] Point, double Value, double GradientNorm, int Iterations, int Evaluations, ExitReason Reason)
{
    /// <summary>The minimizer that ended here; of a chain, the last.</summary>
    public string Minimizer { get; init; } = "";

    /// <summary>The results of a chain's legs, in order; empty for a single minimizer.</summary>
    public IReadOnlyList<MinimizationResult> Legs { get; init; } = [];

    /// <summary>Whether a tolerance or target was met, or nothing better is representable nearby.</summary>
    public bool Converged => Reason is ExitReason.GradientTolerance or ExitReason.StepTolerance or ExitReason.ValueTolerance or ExitReason.TargetReached or ExitReason.Precision;
}
