using System.Collections.Immutable;
using System.Globalization;

namespace FastGrad.Optimization.Options;

/// <summary>One option of a table: name, type, default, range, meaning, one line of documentation.</summary>
public abstract class OptionEntry
{
    private protected OptionEntry(string name, OptionKind kind, OptionRange range, ImmutableArray<string> choices, OptionMeaning meaning, string summary)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        (Name, Kind, Range, Choices, Meaning, Summary) = (name, kind, range, choices, meaning, summary);
    }

    /// <summary>The name, as configuration and <c>--set</c> spell it.</summary>
    public string Name { get; }

    /// <summary>The type.</summary>
    public OptionKind Kind { get; }

    /// <summary>The numbers allowed, for numbers.</summary>
    public OptionRange Range { get; }

    /// <summary>The words allowed, for choices.</summary>
    public ImmutableArray<string> Choices { get; }

    /// <summary>What the option is to the engine.</summary>
    public OptionMeaning Meaning { get; }

    /// <summary>One line of documentation.</summary>
    public string Summary { get; }

    /// <summary>The default, as text.</summary>
    public abstract string Default { get; }

    /// <summary>Whether a schedule may drive it.</summary>
    public bool CanSchedule => Kind == OptionKind.Real;

    /// <summary>What is expected, in words: <c>a number in [0, 1)</c>.</summary>
    public string Expected => Kind switch
    {
        OptionKind.Real => $"a number in {Range}",
        OptionKind.Integer => $"an integer in {Range}",
        OptionKind.Flag => "true or false",
        OptionKind.Integers => "rising integers from 0, such as 30,60,90",
        _ => $"one of {string.Join(", ", Choices)}",
    };
}

/// <summary>An option of <typeparamref name="TOptions"/>, with access to it.</summary>
/// <typeparam name="TOptions">The record of options.</typeparam>
public sealed class OptionEntry<TOptions> : OptionEntry
    where TOptions : class, new()
{
    private readonly Func<TOptions, double>? _get;
    private readonly Action<TOptions, double>? _set;
    private readonly Func<TOptions, string>? _getWord;
    private readonly Action<TOptions, string>? _setWord;
    private readonly Func<TOptions, ImmutableArray<long>>? _getIntegers;
    private readonly Action<TOptions, ImmutableArray<long>>? _setIntegers;

    internal OptionEntry(
        string name, OptionKind kind, OptionRange range, OptionMeaning meaning, string summary,
        Func<TOptions, double> get, Action<TOptions, double> set)
        : base(name, kind, range, [], meaning, summary) => (_get, _set) = (get, set);

    internal OptionEntry(string name, ImmutableArray<string> choices, string summary, Func<TOptions, string> get, Action<TOptions, string> set)
        : base(name, OptionKind.Choice, default, choices, OptionMeaning.None, summary) => (_getWord, _setWord) = (get, set);

    internal OptionEntry(string name, string summary, Func<TOptions, ImmutableArray<long>> get, Action<TOptions, ImmutableArray<long>> set)
        : base(name, OptionKind.Integers, default, [], OptionMeaning.None, summary) => (_getIntegers, _setIntegers) = (get, set);

    /// <inheritdoc/>
    public override string Default => GetText(new TOptions());

    /// <summary>The value as a number: flags are 0 or 1.</summary>
    /// <exception cref="InvalidOperationException">The option is no number.</exception>
    public double GetNumber(TOptions options) =>
        (_get ?? throw new InvalidOperationException($"Option '{Name}' expects {Expected}; it is no number."))(options);

    /// <summary>The value as text.</summary>
    public string GetText(TOptions options) => Kind switch
    {
        OptionKind.Choice => _getWord!(options),
        OptionKind.Integers => string.Join(',', _getIntegers!(options)),
        OptionKind.Flag => _get!(options) != 0 ? "true" : "false",
        _ => _get!(options).ToString("R", CultureInfo.InvariantCulture),
    };

    internal bool IsValid(TOptions options) => Kind switch
    {
        OptionKind.Choice => Choices.Contains(_getWord!(options)),
        OptionKind.Integers => Rises(_getIntegers!(options)),
        _ => Range.Contains(_get!(options)),
    };

    internal void SetNumber(TOptions options, double value) => _set!(options, value);

    internal void Copy(TOptions from, TOptions to)
    {
        if (Kind == OptionKind.Choice)
            _setWord!(to, _getWord!(from));
        else if (Kind == OptionKind.Integers)
            _setIntegers!(to, _getIntegers!(from));
        else
            _set!(to, _get!(from));
    }

    internal bool TrySetText(TOptions options, string text)
    {
        switch (Kind)
        {
            case OptionKind.Choice:
                string? choice = Choices.FirstOrDefault(c => string.Equals(c, text, StringComparison.OrdinalIgnoreCase));
                if (choice is null)
                    return false;
                _setWord!(options, choice);
                return true;
            case OptionKind.Integers:
                List<long> integers = [];
                foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long integer))
                        return false;
                    integers.Add(integer);
                }
                if (!Rises([.. integers]))
                    return false;
                _setIntegers!(options, [.. integers]);
                return true;
            case OptionKind.Flag:
                if (!bool.TryParse(text, out bool flag))
                    return false;
                _set!(options, flag ? 1 : 0);
                return true;
            default:
                if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    || !Range.Contains(number)
                    || (Kind == OptionKind.Integer && !double.IsInteger(number)))
                    return false;
                _set!(options, number);
                return true;
        }
    }

    private static bool Rises(ImmutableArray<long> integers)
    {
        long last = 0;
        foreach (long integer in integers)
        {
            if (integer < last)
                return false;
            last = integer;
        }
        return true;
    }
}
