using FastGrad.Optimization.Options;

namespace FastGrad.Optimization.Schedules;

/// <summary>A kind of metric schedule: immutable, stateless, listed in registries; it makes metric schedules.</summary>
/// <remarks>Its name stands beside those of <see cref="ScheduleDefinition"/>: no name is taken by both.</remarks>
public abstract class MetricScheduleDefinition
{
    private protected MetricScheduleDefinition(string name, string summary, string source)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(summary);
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        (Name, Summary, Source) = (name, summary, source);
    }

    /// <summary>The name in registries, in lower case.</summary>
    public string Name { get; }

    /// <summary>One line: what it does with a measurement.</summary>
    public string Summary { get; }

    /// <summary>The paper or document that defines it.</summary>
    public string Source { get; }

    /// <summary>The options.</summary>
    public abstract OptionTable Options { get; }

    /// <summary>Makes a metric schedule, which sets an option of every group from then on.</summary>
    /// <param name="groups">The groups: <c>optimizer.Groups</c>.</param>
    /// <param name="option">The option that it drives, such as <c>lr</c>.</param>
    /// <param name="values">The options of the schedule that differ from their defaults.</param>
    /// <exception cref="ArgumentException">An option is unknown or out of range, or a schedule drives it.</exception>
    public abstract MetricSchedule Create(IReadOnlyList<OptimizerGroup> groups, string option, OptionValues? values = null);
}

/// <summary>A kind of metric schedule with options of type <typeparamref name="TOptions"/>.</summary>
/// <typeparam name="TOptions">The record of options.</typeparam>
/// <param name="name">The name in registries, in lower case.</param>
/// <param name="summary">One line: what it does with a measurement.</param>
/// <param name="source">The paper or document that defines it.</param>
/// <param name="table">The option table.</param>
/// <param name="create">Makes the schedule from the groups, the driven option and the options.</param>
public sealed class MetricScheduleDefinition<TOptions>(
    string name, string summary, string source, OptionTable<TOptions> table, Func<IReadOnlyList<OptimizerGroup>, string, TOptions, MetricSchedule> create)
    : MetricScheduleDefinition(name, summary, source)
    where TOptions : class, new()
{
    /// <inheritdoc/>
    public override OptionTable<TOptions> Options { get; } = table;

    /// <inheritdoc/>
    public override MetricSchedule Create(IReadOnlyList<OptimizerGroup> groups, string option, OptionValues? values = null) =>
        create(groups, option, Options.With(new TOptions(), values ?? []));
}
