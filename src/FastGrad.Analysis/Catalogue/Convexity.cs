namespace FastGrad.Analysis.Catalogue;

/// <summary>What an operator claims of each output element as a function of its arguments, on their intervals.</summary>
public enum Convexity
{
    /// <summary>Nothing is claimed.</summary>
    Unclaimed,

    /// <summary>Affine: convex and concave.</summary>
    Affine,

    /// <summary>Convex: f(θx + (1 − θ)y) ≤ θf(x) + (1 − θ)f(y).</summary>
    Convex,

    /// <summary>Concave: −f is convex.</summary>
    Concave,

    /// <summary>Neither convex nor concave; a counterexample to each is stored.</summary>
    Neither,
}
