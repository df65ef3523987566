using System.Globalization;
using System.Runtime.CompilerServices;

namespace FastGrad.Losses;

/// <summary>Checks of the numbers that losses are made with; each gives the number back.</summary>
internal static class ArgumentGuard
{
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value > 0 && double.IsFinite(value) ? value : throw Refuse(value, name, "a finite number above 0");

    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 0 && double.IsFinite(value) ? value : throw Refuse(value, name, "a finite number, 0 or above");

    public static double Fraction(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and <= 1 ? value : throw Refuse(value, name, "a number from 0 to 1");

    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) ? value : throw Refuse(value, name, "a finite number");

    private static ArgumentOutOfRangeException Refuse(double value, string name, string expected) =>
        new(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; expected {expected}."));
}
