namespace FastGrad.Optimization;

/// <summary>What a step did.</summary>
/// <param name="Applied">Whether parameters were updated. False where a non-finite gradient was skipped, or no parameter had a gradient.</param>
/// <param name="GradientNorm">The Euclidean norm of all gradients together, before clipping by norm; NaN where it was not measured.</param>
/// <param name="ClipCoefficient">What the gradients were multiplied with: 1 where they were within the bound.</param>
public readonly record struct StepReport(bool Applied, double GradientNorm, double ClipCoefficient);
