using FastGrad.Autograd;

namespace FastGrad.Analysis.Catalogue;

/// <summary>One argument of an operator in a check: its shape, and the interval that its elements are drawn from.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="Scale">
/// The length over which the operator changes near 0: steps of numeric differentiation are in proportion to max(|x|, Scale). 0 for an
/// operator such as the logarithm, which changes faster the smaller x is.
/// </param>
public sealed record Argument(Shape Shape, double Low = -2, double High = 2, double Scale = 1);
