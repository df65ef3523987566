namespace FastGrad.Training;

/// <summary>What one training step did.</summary>
/// <param name="Loss">The loss before the update.</param>
/// <param name="Rows">The rows it saw.</param>
/// <param name="Correct">How many of them were classified rightly before the update; −1 where that was not counted.</param>
/// <param name="Applied">Whether parameters were updated: not where a gradient was not finite and the policy is to skip.</param>
/// <param name="GradientNorm">The Euclidean norm of all gradients before clipping; NaN where it was not measured.</param>
public readonly record struct StepResult(double Loss, int Rows, int Correct, bool Applied, double GradientNorm);
