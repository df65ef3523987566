using System.Globalization;

namespace FastGrad.Analysis.Certificates;

/// <summary>A segment whose inner point lies above the chord: f(λx + (1 − λ)y) &gt; λf(x) + (1 − λ)f(y), beyond any rounding.</summary>
/// <param name="X">One end, a number for each variable.</param>
/// <param name="Y">The other end.</param>
/// <param name="Lambda">λ in (0, 1).</param>
/// <param name="Inner">A number that f(λx + (1 − λ)y) is not below.</param>
/// <param name="Chord">A number that λf(x) + (1 − λ)f(y) is not above; it is less than <paramref name="Inner"/>.</param>
public sealed record JensenViolation(IReadOnlyDictionary<string, double> X, IReadOnlyDictionary<string, double> Y, double Lambda, double Inner, double Chord)
{
    /// <summary><c>x = -1, y = 1, λ = 0.5: f = 0 inside, above 0.5 on the chord</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"from ({Point(X)}) to ({Point(Y)}), λ = {Lambda}: f is at least {Inner:G6} inside, above the chord's {Chord:G6}");

    private static string Point(IReadOnlyDictionary<string, double> point) =>
        string.Join(", ", point.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} = {pair.Value}")));
}
