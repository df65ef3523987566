namespace FastGrad.Analysis.Curvature;

/// <summary>An eigenvalue λ of a Hessian with its direction v, ‖v‖ = 1.</summary>
/// <param name="Value">λ.</param>
/// <param name="Vector">v.</param>
/// <param name="Residual">‖H·v − λ·v‖, from a product of its own: H has an eigenvalue within this of λ (rounding of the product apart).</param>
public sealed record Eigenpair(double Value, IReadOnlyList<double> Vector, double Residual);
