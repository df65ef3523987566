namespace FastGrad.Analysis.GradientFlow;

/// <summary>What becomes of a gradient on its way back through the layers.</summary>
public enum FlowVerdict
{
    /// <summary>It arrives within the factor allowed.</summary>
    Steady,

    /// <summary>It arrives too small: the first layers hardly learn.</summary>
    Vanishing,

    /// <summary>It arrives too large: the first layers' steps overshoot.</summary>
    Exploding,
}
