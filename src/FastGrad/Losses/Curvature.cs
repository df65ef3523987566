namespace FastGrad.Losses;

/// <summary>What is proven of one term of a loss as a function of its prediction (for classifiers: of the logits).</summary>
/// <remarks>
/// For terms ℓ: m/2·‖d‖² ≤ ℓ(p + d) − ℓ(p) − ∇ℓ(p)·d ≤ L/2·‖d‖². A sum of n terms has n times these constants at most, a mean the same
/// ones divided by n for each term's own prediction. Composed with a linear model a convex loss stays convex in the weights; with a deep
/// one it does not.
/// </remarks>
/// <param name="IsConvex">Whether a term is convex.</param>
/// <param name="StrongConvexity">m, the least curvature; 0 where it may vanish.</param>
/// <param name="Smoothness">L, the greatest curvature: the gradient's Lipschitz constant; infinite where there is none.</param>
public readonly record struct Curvature(bool IsConvex, double StrongConvexity, double Smoothness)
{
    /// <summary>Whether a term is convex in the logits, where the prediction is their sigmoid, softmax or its logarithm, or the logits themselves. Null where a prediction is none of these.</summary>
    public bool? IsConvexInLogits { get; init; }

    /// <summary>Whether a term belongs to a whole row of predictions, as where classes are compared; else each prediction has a term of its own.</summary>
    public bool IsOfRows { get; init; }

    /// <summary>Whether terms count differently in a mean: it is then not their sum divided by their number, but by what class weights and ignored labels leave.</summary>
    public bool CountsDiffer { get; init; }

    /// <summary>Convex, with slopes that jump or curvature without bound: no step size is safe for gradient descent everywhere.</summary>
    internal static Curvature NotSmooth => new(IsConvex: true, StrongConvexity: 0, Smoothness: double.PositiveInfinity);

    /// <summary>Not convex, and nothing is said of smoothness.</summary>
    internal static Curvature NotConvex => new(IsConvex: false, StrongConvexity: 0, Smoothness: double.PositiveInfinity);
}
