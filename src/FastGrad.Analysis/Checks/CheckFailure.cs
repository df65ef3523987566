namespace FastGrad.Analysis.Checks;

/// <summary>One derivative that is wrong, and by how much.</summary>
/// <param name="Operator">The operator, or the name given to the function.</param>
/// <param name="Check">Which check: gradient, jvp, second order and so on.</param>
/// <param name="Argument">The argument's position; −1 where it is not about one argument.</param>
/// <param name="Element">The element's position in row-major order.</param>
/// <param name="Analytic">What the library computed.</param>
/// <param name="Numeric">What it was compared with.</param>
/// <param name="Step">The step of the numeric derivative; 0 where there was none.</param>
public sealed record CheckFailure(string Operator, string Check, int Argument, int Element, double Analytic, double Numeric, double Step)
{
    /// <summary>What the argument is called, such as the path of a parameter; null for its number alone.</summary>
    public string? ArgumentName { get; init; }

    /// <summary>One line with everything.</summary>
    public override string ToString() =>
        $"{Operator}: {Check}, {(Argument < 0 ? "" : ArgumentName is null ? $"argument {Argument}, " : $"argument {Argument} ({ArgumentName}), ")}element {Element}: {Analytic:R}, expected {Numeric:R}{(Step == 0 ? "" : $" (numeric, step {Step:R})")}";
}
