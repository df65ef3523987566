using FastGrad.Autograd;

namespace FastGrad.Analysis.Formulas;

/// <summary>An activation as a book has it: value and two derivatives as formulas, and what bends where.</summary>
/// <param name="Name">The name of its row in the catalogue.</param>
/// <param name="Value">f, as text.</param>
/// <param name="First">f′, as text.</param>
/// <param name="Second">f″, as text.</param>
/// <param name="Convexity">Where f is convex or concave, as text.</param>
/// <param name="Apply">The library's f.</param>
/// <param name="Slope">f′ as the text says it, in plain double.</param>
/// <param name="Bend">f″ as the text says it, in plain double.</param>
/// <param name="Seams">Where f or f′ has a kink or jumps, in order.</param>
public sealed record ActivationFormula(
    string Name, string Value, string First, string Second, string Convexity,
    Func<Tensor<double>, Tensor<double>> Apply, Func<double, double> Slope, Func<double, double> Bend, params IReadOnlyList<double> Seams)
{
    /// <summary>What numbers formula and picture have where the activation takes more than x; empty where it does not.</summary>
    public string Shown { get; init; } = "";
}
