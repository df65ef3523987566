using System.CommandLine;

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

    /// <summary>Refuses values outside low … high.</summary>
    public static Option<TNumber> InRange<TNumber>(this Option<TNumber> option, int low, int high)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && (value < low || value > high))
                result.AddError($"{option.Name} is {value}; expected {low} to {high}.");
        });
        return option;
    }
}
