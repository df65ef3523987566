namespace FastGrad.Optimization;

/// <summary>One element's step, as a paper writes it.</summary>
/// <param name="parameter">θ before the step.</param>
/// <param name="gradient">Its gradient.</param>
/// <param name="state">The element's own numbers, zero before the first step.</param>
/// <param name="step">The parameter's step number, from 1.</param>
/// <returns>θ after the step.</returns>
public delegate double ElementUpdate(double parameter, double gradient, Span<double> state, long step);
