using System.Globalization;

namespace FastGrad.Analysis.GradientFlow;

/// <summary>Some steps of gradient descent on a network: where they led.</summary>
/// <param name="Before">The loss before the first step.</param>
/// <param name="After">The loss after the last; not finite where the steps led beyond all numbers.</param>
/// <param name="Steps">The steps taken: fewer than asked for where loss or gradient were no longer finite.</param>
/// <param name="Clipped">The steps whose gradient was clipped.</param>
/// <param name="LargestNorm">The greatest norm of the whole gradient before clipping.</param>
public sealed record FlowTraining(double Before, double After, int Steps, int Clipped, double LargestNorm)
{
    /// <summary>Whether the loss fell.</summary>
    public bool Fell => After < Before;

    /// <summary><c>loss 1.02 to 0.85 in 20 steps, 3 of them clipped</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"loss {Before:G3} to {After:G3} in {Steps} step{(Steps == 1 ? "" : "s")}{(Clipped == 0 ? "" : $", {Clipped} of them clipped")}");
}
