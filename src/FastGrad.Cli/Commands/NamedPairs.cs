using System.Globalization;

namespace FastGrad.Cli.Commands;

/// <summary>Values by name, as the command line spells them: <c>b1=500,b2=0.0001</c>, in one argument or several.</summary>
internal static class NamedPairs
{
    /// <summary>Reads them.</summary>
    /// <param name="option">The option, for errors.</param>
    /// <param name="example">A right one, for errors.</param>
    /// <param name="given">What was given for the option.</param>
    /// <param name="read">Reads a value; null if it is none.</param>
    /// <param name="check">Gets the option and each name, and throws where it is unknown.</param>
    /// <returns>The values; enumerated in the order in which they were given.</returns>
    /// <exception cref="UsageException">A pair cannot be read, or a name comes twice.</exception>
    public static Dictionary<string, TValue> Read<TValue>(string option, string example, string[] given, Func<string, TValue?> read, Action<string, string> check)
        where TValue : struct
    {
        Dictionary<string, TValue> values = [];
        foreach (string pair in given.SelectMany(text => text.Split(',')))
        {
            if (pair.Split('=') is not [var left, var right] || left.Trim() is not { Length: > 0 } name || read(right.Trim()) is not { } value)
                throw new UsageException($"{option} is '{pair}'; expected a name and its value, such as {example}.");
            check(option, name);
            if (!values.TryAdd(name, value))
                throw new UsageException($"{option} gives '{name}' twice.");
        }
        return values;
    }

    /// <summary>A number, or an infinity; null for anything else.</summary>
    public static double? Number(string text) => text.Trim() switch
    {
        "inf" or "+inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        var digits when double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) => value,
        _ => null,
    };

    /// <summary>Two numbers around a colon, the lesser first; null for anything else.</summary>
    public static (double Low, double High)? Sides(string text) =>
        text.Split(':') is [var low, var high] && Number(low) is { } l && Number(high) is { } h && l < h ? (l, h) : null;
}
