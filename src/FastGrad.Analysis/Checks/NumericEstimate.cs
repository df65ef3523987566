namespace FastGrad.Analysis.Checks;

/// <summary>A derivative by differences, and how far it may be off.</summary>
/// <param name="Value">The derivative; NaN where the function had no finite values.</param>
/// <param name="Error">An estimate of |value − f′|: the differences between extrapolations, plus rounding. Infinite where nothing is known.</param>
/// <param name="Step">The smallest step that went into it.</param>
public readonly record struct NumericEstimate(double Value, double Error, double Step);
