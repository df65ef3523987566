namespace FastGrad.Optimization;

/// <summary>What a step does with a gradient that holds a NaN or an infinity.</summary>
public enum NonFinitePolicy
{
    /// <summary>Nothing: it enters the parameters, as in PyTorch. Costs nothing.</summary>
    Propagate,

    /// <summary>The whole step is left out: no parameter, state or counter changes, and the report says so.</summary>
    Skip,

    /// <summary>An <see cref="ArithmeticException"/> that names the parameter; nothing changes.</summary>
    Throw,
}
