namespace FastGrad.Analysis.Catalogue;

/// <summary>Two segments that show that a function of numbers is neither convex nor concave.</summary>
/// <param name="ConvexityFails">Ends [x, y] of a segment whose middle lies above the chord.</param>
/// <param name="ConcavityFails">Ends [x, y] of a segment whose middle lies below the chord.</param>
public sealed record Counterexample((double X, double Y) ConvexityFails, (double X, double Y) ConcavityFails);
