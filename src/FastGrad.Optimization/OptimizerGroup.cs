using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Optimization;

/// <summary>A group of an optimizer: its parameters, and its hyperparameters by name.</summary>
public abstract class OptimizerGroup
{
    private protected OptimizerGroup(string name, IReadOnlyList<ParameterInfo> parameters) => (Name, Parameters) = (name, parameters);

    /// <summary>The group's name.</summary>
    public string Name { get; }

    /// <summary>Its parameters, in the optimizer's order.</summary>
    public IReadOnlyList<ParameterInfo> Parameters { get; }

    /// <summary>The names of the options that a schedule drives.</summary>
    public abstract IEnumerable<string> Scheduled { get; }

    /// <summary>The current value of a numeric option: that of the latest update, or of the next where nothing is scheduled.</summary>
    /// <exception cref="ArgumentException">There is no such option.</exception>
    public abstract double this[string option] { get; }

    /// <summary>The current learning rate; NaN where the optimizer has none.</summary>
    public abstract double LearningRate { get; }

    /// <summary>The value of a numeric option for an update: its schedule's where one drives it, else the current one.</summary>
    /// <param name="option">The option.</param>
    /// <param name="step">The update, counted from 0.</param>
    /// <exception cref="ArgumentException">There is no such option.</exception>
    public abstract double At(string option, long step);

    /// <summary>Changes a number from the next step on: for range tests, and for rules that react to a measured loss.</summary>
    /// <exception cref="ArgumentException">There is no such option, it is no real number, the value is out of range, or a schedule drives it.</exception>
    public abstract void Set(string option, double value);
}

/// <summary>A group with options of type <typeparamref name="TOptions"/>.</summary>
internal sealed class OptimizerGroup<TOptions> : OptimizerGroup
    where TOptions : class, new()
{
    private readonly OptionTable<TOptions> _table;
    private readonly OptionEntry<TOptions>? _decay, _rate;
    private readonly (OptionEntry<TOptions> Entry, Schedules.ISchedule Schedule)[] _schedules;

    public OptimizerGroup(
        string name,
        IReadOnlyList<ParameterInfo> parameters,
        OptionTable<TOptions> table,
        TOptions options,
        (OptionEntry<TOptions> Entry, Schedules.ISchedule Schedule)[] schedules)
        : base(name, parameters)
    {
        (_table, Options, _schedules, _decay, _rate) = (table, options, schedules, table.DecayEntry, table.RateEntry);
        WithoutDecay = table.Copy(options);
        _decay?.SetNumber(WithoutDecay, 0);
        ApplySchedules(0);
    }

    public TOptions Options { get; }

    /// <summary>The same options with a decay of zero, for the roles that are exempt.</summary>
    public TOptions WithoutDecay { get; }

    public override IEnumerable<string> Scheduled => _schedules.Select(s => s.Entry.Name);

    public override double this[string option] => _table.Find(option).GetNumber(Options);

    public override double LearningRate => _rate?.GetNumber(Options) ?? double.NaN;

    public override double At(string option, long step)
    {
        OptionEntry<TOptions> entry = _table.Find(option);
        int at = Array.FindIndex(_schedules, s => s.Entry == entry);
        return at < 0 ? entry.GetNumber(Options) : _schedules[at].Schedule.At(step);
    }

    public override void Set(string option, double value)
    {
        OptionEntry<TOptions> entry = _table.Find(option);
        if (!entry.CanSchedule)
            throw new ArgumentException($"{_table.Owner}: option '{entry.Name}' is fixed at creation; only real numbers can change.", nameof(option));
        if (Array.Exists(_schedules, s => s.Entry == entry))
            throw new ArgumentException($"{_table.Owner}: option '{entry.Name}' of group '{Name}' is driven by a schedule.", nameof(option));
        if (!entry.Range.Contains(value))
            throw _table.Bad(entry, value.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
        Write(entry, value);
    }

    /// <summary>Sets the scheduled options to their values for an update.</summary>
    public void ApplySchedules(long step)
    {
        foreach ((OptionEntry<TOptions> entry, Schedules.ISchedule schedule) in _schedules)
        {
            double value = schedule.At(step);
            _table.SetScheduled(entry, Options, value, step);
            if (entry != _decay)
                entry.SetNumber(WithoutDecay, value);
        }
    }

    private void Write(OptionEntry<TOptions> entry, double value)
    {
        entry.SetNumber(Options, value);
        if (entry != _decay)
            entry.SetNumber(WithoutDecay, value);
    }
}
