using System.Collections;
using System.Collections.Immutable;
using System.Globalization;

namespace FastGrad.Optimization.Options;

/// <summary>The options of an optimizer or schedule: one declared list that feeds configuration, <c>--set</c>, listings, validation and error texts.</summary>
public abstract class OptionTable : IEnumerable<OptionEntry>
{
    private protected OptionTable(string owner)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(owner);
        Owner = owner;
    }

    /// <summary>The name of the optimizer or schedule, for error texts.</summary>
    public string Owner { get; }

    /// <summary>The options in order of declaration.</summary>
    public abstract IReadOnlyList<OptionEntry> Entries { get; }

    /// <inheritdoc/>
    public IEnumerator<OptionEntry> GetEnumerator() => Entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Checks names and values without creating anything.</summary>
    /// <exception cref="ArgumentException">A name is unknown, or a value is not what its option expects.</exception>
    public abstract void Validate(OptionValues values);

    /// <summary>Every option with its value, defaults included, in one line that is the same for the same values.</summary>
    /// <exception cref="ArgumentException">A name is unknown, or a value is not what its option expects.</exception>
    public abstract string Describe(OptionValues values);
}

/// <summary>The options of <typeparamref name="TOptions"/>, declared once.</summary>
/// <example><code>
/// public static OptionTable&lt;LionOptions&gt; Table { get; } = new OptionTable&lt;LionOptions&gt;("lion")
///     .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
///     .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "interpolation of the update");
/// </code></example>
/// <typeparam name="TOptions">The record of options: its initial values are the defaults.</typeparam>
/// <param name="owner">The name of the optimizer or schedule, for error texts.</param>
public sealed class OptionTable<TOptions>(string owner) : OptionTable(owner)
    where TOptions : class, new()
{
    private readonly List<OptionEntry<TOptions>> _entries = [];
    private readonly List<(Func<TOptions, bool> Holds, string Rule)> _rules = [];

    /// <inheritdoc/>
    public override IReadOnlyList<OptionEntry> Entries => _entries;

    /// <summary>Declares a number.</summary>
    public OptionTable<TOptions> Real(
        string name, Func<TOptions, double> get, Action<TOptions, double> set, OptionRange range, string summary,
        OptionMeaning meaning = OptionMeaning.None) =>
        Add(new(name, OptionKind.Real, range, meaning, summary, get, set));

    /// <summary>Declares an integer.</summary>
    public OptionTable<TOptions> Integer(
        string name, Func<TOptions, long> get, Action<TOptions, long> set, OptionRange range, string summary) =>
        Add(new(name, OptionKind.Integer, range, OptionMeaning.None, summary, o => get(o), (o, v) => set(o, (long)v)));

    /// <summary>Declares a flag.</summary>
    public OptionTable<TOptions> Flag(string name, Func<TOptions, bool> get, Action<TOptions, bool> set, string summary) =>
        Add(new(name, OptionKind.Flag, OptionRange.Unit, OptionMeaning.None, summary, o => get(o) ? 1 : 0, (o, v) => set(o, v != 0)));

    /// <summary>Declares a choice among words.</summary>
    public OptionTable<TOptions> Choice(
        string name, Func<TOptions, string> get, Action<TOptions, string> set, ImmutableArray<string> choices, string summary) =>
        Add(new(name, choices, summary, get, set));

    /// <summary>Declares a list of rising integers.</summary>
    public OptionTable<TOptions> Integers(
        string name, Func<TOptions, ImmutableArray<long>> get, Action<TOptions, ImmutableArray<long>> set, string summary) =>
        Add(new(name, summary, get, set));

    /// <summary>Declares what must hold between options, in words: <c>nesterov needs momentum &gt; 0</c>.</summary>
    public OptionTable<TOptions> Require(Func<TOptions, bool> holds, string rule)
    {
        _rules.Add((holds, rule));
        return this;
    }

    /// <summary>The entry named <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none; the text names the known ones and the nearest.</exception>
    public OptionEntry<TOptions> Find(string name) =>
        _entries.Find(e => string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"{Owner} has no option '{name}'. {Nearest.Suggest(name, _entries.Select(e => e.Name))}", nameof(name));

    /// <summary>A copy of <paramref name="options"/>.</summary>
    public TOptions Copy(TOptions options)
    {
        TOptions copy = new();
        foreach (OptionEntry<TOptions> entry in _entries)
            entry.Copy(options, copy);
        return copy;
    }

    /// <summary>A copy of <paramref name="options"/> with <paramref name="values"/> set, checked.</summary>
    /// <exception cref="ArgumentException">A name is unknown, a value is not what its option expects, or a rule is broken.</exception>
    public TOptions With(TOptions options, OptionValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        TOptions copy = Copy(options);
        foreach ((string name, string text) in values)
        {
            OptionEntry<TOptions> entry = Find(name);
            if (!entry.TrySetText(copy, text))
                throw Bad(entry, $"'{text}'");
        }
        Check(copy);
        return copy;
    }

    /// <inheritdoc/>
    public override void Validate(OptionValues values) => With(new TOptions(), values);

    /// <inheritdoc/>
    public override string Describe(OptionValues values) => Describe(With(new TOptions(), values));

    /// <summary>Checks every option against its range, and the rules between them.</summary>
    /// <exception cref="ArgumentException">A value is out of range or a rule is broken; the text names option, value and range.</exception>
    public void Check(TOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (OptionEntry<TOptions> entry in _entries)
        {
            if (!entry.IsValid(options))
                throw Bad(entry, entry.GetText(options));
        }
        foreach ((Func<TOptions, bool> holds, string rule) in _rules)
        {
            if (!holds(options))
                throw new ArgumentException($"{Owner}: {rule}; got {Describe(options)}.", nameof(options));
        }
    }

    internal ArgumentException Bad(OptionEntry<TOptions> entry, string value) =>
        new($"{Owner}: option '{entry.Name}' is {value}; expected {entry.Expected}.", entry.Name);

    internal void SetScheduled(OptionEntry<TOptions> entry, TOptions options, double value, long step)
    {
        if (!entry.Range.Contains(value))
            throw Bad(entry, string.Create(CultureInfo.InvariantCulture, $"{value:R} by its schedule at step {step}"));
        entry.SetNumber(options, value);
    }

    internal OptionEntry<TOptions>? DecayEntry => _entries.Find(e => e.Meaning == OptionMeaning.Decay);

    internal OptionEntry<TOptions>? RateEntry => _entries.Find(e => e.Meaning == OptionMeaning.LearningRate);

    private string Describe(TOptions options) => string.Join(", ", _entries.Select(e => $"{e.Name} = {e.GetText(options)}"));

    private OptionTable<TOptions> Add(OptionEntry<TOptions> entry)
    {
        if (_entries.Exists(e => string.Equals(e.Name, entry.Name, StringComparison.OrdinalIgnoreCase)))
            throw new ArgumentException($"{Owner} declares option '{entry.Name}' twice.", nameof(entry));
        _entries.Add(entry);
        return this;
    }
}
