using FastGrad.Autograd;

namespace FastGrad.Analysis.Catalogue;

/// <summary>What an operator states at one point, exactly: at a kink, a tie, or the edge of its domain.</summary>
/// <param name="Inputs">The arguments.</param>
/// <param name="Value">The output's elements; NaN stands for NaN.</param>
/// <param name="Gradients">
/// The gradient of the output's sum with respect to each argument; null where nothing is stated. Both reverse modes and forward
/// mode must give exactly these.
/// </param>
public sealed record StatedPoint(IReadOnlyList<Tensor<double>> Inputs, IReadOnlyList<double> Value, IReadOnlyList<double[]>? Gradients = null)
{
    /// <summary>A point of a function of one number.</summary>
    public static StatedPoint At(double x, double value, double? derivative = null) =>
        new([Tensor.From(x)], [value], derivative is { } d ? [[d]] : null);

    /// <summary>A point of a function of two numbers.</summary>
    public static StatedPoint At(double x, double y, double value, double left, double right) =>
        new([Tensor.From(x), Tensor.From(y)], [value], [[left], [right]]);
}
