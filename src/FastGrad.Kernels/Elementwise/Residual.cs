namespace FastGrad.Kernels.Elementwise;

/// <summary>What an operator's derivative reads, and therefore what a forward pass must keep.</summary>
[Flags]
public enum Residual
{
    /// <summary>Nothing: the derivative is constant.</summary>
    None = 0,

    /// <summary>The (first) input.</summary>
    Input = 1,

    /// <summary>The second input.</summary>
    Second = 2,

    /// <summary>The third input.</summary>
    Third = 4,

    /// <summary>The output.</summary>
    Output = 8,

    /// <summary>Everything.</summary>
    All = Input | Second | Third | Output,
}
