using FastGrad.Losses;

namespace FastGrad.Analysis.Formulas;

/// <summary>A loss as a book has it. Convexity and smoothness are what the loss itself declares, <see cref="Criterion{T}.Curvature"/>.</summary>
/// <param name="Value">One term, as text: of a prediction p (logits or scores z) and a target y.</param>
/// <param name="Gradient">Its gradient in the prediction, as text.</param>
/// <param name="Loss">The loss, with the numbers that <paramref name="Smoothness"/> speaks of.</param>
/// <param name="Smoothness">The greatest curvature as text, where it depends on the loss's numbers; null for the number that is declared.</param>
public sealed record LossFormula(string Value, string Gradient, Criterion<double> Loss, string? Smoothness = null);
