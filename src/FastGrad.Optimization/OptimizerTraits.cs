namespace FastGrad.Optimization;

/// <summary>What is true of an optimizer, as its author declares it. The conformance kit tests exactly what is declared.</summary>
[Flags]
public enum OptimizerTraits
{
    /// <summary>Nothing is declared.</summary>
    None = 0,

    /// <summary>With default options and a learning rate of at most 1/L the loss of a convex quadratic with curvature at most L never rises.</summary>
    MonotoneOnConvexQuadratics = 1,

    /// <summary>Parameters cut into several give the same bits.</summary>
    SplitInvariant = 2,

    /// <summary>Parameters in another order give the same bits.</summary>
    OrderInvariant = 4,

    /// <summary>Gradients times a power of two give the same path up to the effect of ε.</summary>
    ScaleInvariant = 8,

    /// <summary>A steady step allocates nothing.</summary>
    NoAllocation = 16,
}
