using FastGrad.Optimization.Options;

namespace FastGrad.Optimization.Schedules;

/// <summary>A kind of schedule: immutable, stateless, listed in registries; it makes schedules.</summary>
public abstract class ScheduleDefinition
{
    private protected ScheduleDefinition(string name, string summary, string source)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(summary);
        ArgumentException.ThrowIfNullOrWhiteSpace(source);
        (Name, Summary, Source) = (name, summary, source);
    }

    /// <summary>The name in registries, in lower case.</summary>
    public string Name { get; }

    /// <summary>One line: the formula.</summary>
    public string Summary { get; }

    /// <summary>The paper or document that defines it.</summary>
    public string Source { get; }

    /// <summary>The options.</summary>
    public abstract OptionTable Options { get; }

    /// <summary>Makes a schedule.</summary>
    /// <param name="baseValue">The configured value of the hyperparameter: the peak that the schedule starts from or rises to.</param>
    /// <param name="values">The options that differ from their defaults.</param>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public abstract ISchedule Create(double baseValue, OptionValues? values = null);

    /// <summary>Attaches it to a hyperparameter; each group starts from its own configured value.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public ScheduleBinding Bind(string option, OptionValues? values = null)
    {
        string options = Options.Describe(values ?? []);
        return new(option, baseValue => Create(baseValue, values)) { Description = options.Length == 0 ? Name : $"{Name} ({options})" };
    }
}

/// <summary>A kind of schedule with options of type <typeparamref name="TOptions"/>.</summary>
/// <typeparam name="TOptions">The record of options.</typeparam>
/// <param name="name">The name in registries, in lower case.</param>
/// <param name="summary">One line: the formula.</param>
/// <param name="source">The paper or document that defines it.</param>
/// <param name="table">The option table.</param>
/// <param name="create">Makes the schedule from the base value and the options.</param>
public sealed class ScheduleDefinition<TOptions>(
    string name, string summary, string source, OptionTable<TOptions> table, Func<double, TOptions, ISchedule> create)
    : ScheduleDefinition(name, summary, source)
    where TOptions : class, new()
{
    /// <inheritdoc/>
    public override OptionTable<TOptions> Options { get; } = table;

    /// <inheritdoc/>
    public override ISchedule Create(double baseValue, OptionValues? values = null) =>
        create(baseValue, Options.With(new TOptions(), values ?? []));

    /// <summary>Makes a schedule from typed options.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ISchedule Create(double baseValue, TOptions options)
    {
        Options.Check(options);
        return create(baseValue, Options.Copy(options));
    }
}
