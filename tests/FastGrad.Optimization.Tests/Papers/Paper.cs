namespace FastGrad.Optimization.Tests.Papers;

/// <summary>One step of an algorithm on one matrix, as its paper has it: x is changed in place.</summary>
/// <param name="x">The matrix, row-major.</param>
/// <param name="g">Its gradient.</param>
/// <param name="t">The step's number, from 1.</param>
/// <param name="problem">The problem, for what needs more than gradients.</param>
public delegate void Paper(double[] x, double[] g, int t, PaperProblem problem);

/// <summary>An optimizer with options, and the recurrences that it must follow.</summary>
public sealed record PaperCase(string Optimizer, string[] Options, Func<PaperProblem, Paper> Recurrences);
