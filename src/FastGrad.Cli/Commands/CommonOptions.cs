using System.CommandLine;
using System.Globalization;

namespace FastGrad.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write JSON to standard output, one object a line, and everything else to standard error." };

    public static Option<int> Threads()
    {
        var option = new Option<int>("--threads")
        {
            Description = "Threads that compute, from 1 to 1024. Results do not depend on it.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        return option.InRange(1, 1024);
    }

    /// <summary>A whole number from low to high, and nothing else.</summary>
    public static Option<TNumber> InRange<TNumber>(this Option<TNumber> option, int low, int high)
    {
        option.CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : string.Join(' ', result.Tokens.Select(token => token.Value));
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= low && value <= high)
                return (TNumber)(object)value;
            result.AddError($"{option.Name} is '{text}'; expected a whole number from {low} to {high}.");
            return default!;
        };
        return option;
    }

    /// <summary>A finite number, and nothing else.</summary>
    public static Option<double> AsNumber(this Option<double> option)
    {
        option.CustomParser = result =>
        {
            string text = string.Join(' ', result.Tokens.Select(token => token.Value));
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
                return value;
            result.AddError($"{option.Name} is '{text}'; expected a number such as 0.01 or 1e-6.");
            return 0;
        };
        return option;
    }

    /// <summary>A seed: any natural number of 64 bits.</summary>
    public static Option<ulong> AsSeed(this Option<ulong> option)
    {
        option.CustomParser = result =>
        {
            string text = string.Join(' ', result.Tokens.Select(token => token.Value));
            if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
                return value;
            result.AddError($"{option.Name} is '{text}'; expected a whole number from 0 to {ulong.MaxValue}.");
            return 0;
        };
        return option;
    }
}
