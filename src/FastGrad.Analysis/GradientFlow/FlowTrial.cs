namespace FastGrad.Analysis.GradientFlow;

/// <summary>A network with one change, measured.</summary>
/// <param name="Change">What was changed, in words.</param>
/// <param name="Network">The network.</param>
/// <param name="Report">What passes it, before any step.</param>
/// <param name="Training">Where gradient descent led; null where no steps were asked for.</param>
public sealed record FlowTrial(string Change, FlowNetwork Network, FlowReport Report, FlowTraining? Training = null)
{
    /// <summary>By what clipping the gradient to a norm multiplies all of it: at most 1, the same for every layer, so that no verdict changes.</summary>
    /// <param name="norm">The greatest norm of the whole gradient, positive.</param>
    public double Clipping(double norm) => norm > 0
        ? Math.Min(1, norm / Report.GradientNorm)
        : throw new ArgumentOutOfRangeException(nameof(norm), norm, $"norm is {norm}; expected a positive number.");
}
