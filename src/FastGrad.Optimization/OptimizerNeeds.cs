namespace FastGrad.Optimization;

/// <summary>What a step needs beyond parameters and gradients. The host supplies it in an <see cref="Objective{T}"/>.</summary>
[Flags]
public enum OptimizerNeeds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The loss at the current parameters.</summary>
    Loss = 1,

    /// <summary>Loss and gradients again, at parameters that the step has changed.</summary>
    Reevaluate = 2,

    /// <summary>Products of the loss's Hessian with a vector.</summary>
    HessianVector = 4,
}
