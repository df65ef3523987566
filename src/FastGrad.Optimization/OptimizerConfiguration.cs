using FastGrad.Optimization.Options;

namespace FastGrad.Optimization;

/// <summary>What an update method is made from: the options as configured, and which of them a schedule will move.</summary>
/// <typeparam name="TOptions">The record of options.</typeparam>
public sealed class OptimizerConfiguration<TOptions>
    where TOptions : class, new()
{
    private readonly OptionTable<TOptions> _table;
    private readonly HashSet<string> _scheduled;

    internal OptimizerConfiguration(OptionTable<TOptions> table, TOptions options, IEnumerable<string> scheduled)
    {
        (_table, Options) = (table, options);
        _scheduled = new(scheduled, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The options as configured; a step's values may differ where a schedule moves them.</summary>
    public TOptions Options { get; }

    /// <summary>Whether the number is other than zero, or may become so: whether state that only it needs must exist.</summary>
    public bool Uses(string option) => _scheduled.Contains(option) || _table.Find(option).GetNumber(Options) != 0;
}
