using System.Globalization;

namespace FastGrad.Optimization.Options;

/// <summary>An interval that an option's number must lie in; NaN lies in none.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="IncludesLow">Whether the lower end belongs to it.</param>
/// <param name="IncludesHigh">Whether the upper end belongs to it.</param>
public readonly record struct OptionRange(double Low, double High, bool IncludesLow = true, bool IncludesHigh = true)
{
    /// <summary>[0, ∞).</summary>
    public static OptionRange NonNegative => new(0, double.PositiveInfinity, true, false);

    /// <summary>(0, ∞).</summary>
    public static OptionRange Positive => new(0, double.PositiveInfinity, false, false);

    /// <summary>[0, 1).</summary>
    public static OptionRange Fraction => new(0, 1, true, false);

    /// <summary>[0, 1].</summary>
    public static OptionRange Unit => new(0, 1);

    /// <summary>(−∞, ∞).</summary>
    public static OptionRange Finite => new(double.NegativeInfinity, double.PositiveInfinity, false, false);

    /// <summary>Whether <paramref name="value"/> lies in the interval.</summary>
    public bool Contains(double value) =>
        (IncludesLow ? value >= Low : value > Low) && (IncludesHigh ? value <= High : value < High);

    /// <summary>Interval notation, such as <c>[0, 1)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(IncludesLow ? '[' : '(')}{Text(Low)}, {Text(High)}{(IncludesHigh ? ']' : ')')}");

    private static string Text(double end) =>
        double.IsInfinity(end) ? (end > 0 ? "∞" : "-∞") : end.ToString("R", CultureInfo.InvariantCulture);
}
