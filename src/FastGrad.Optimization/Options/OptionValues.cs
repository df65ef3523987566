using System.Collections;
using System.Globalization;

namespace FastGrad.Optimization.Options;

/// <summary>Option values by name, as configuration files, command lines and group overrides give them; order is kept, the last of a name holds.</summary>
/// <remarks>Values are text in the invariant culture. Names and values are judged by the option table of the optimizer that gets them.</remarks>
public sealed class OptionValues : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _values = [];

    /// <summary>No values.</summary>
    public OptionValues()
    {
    }

    /// <summary>The values of <paramref name="values"/>.</summary>
    public OptionValues(IEnumerable<KeyValuePair<string, string>> values) => _values.AddRange(values);

    /// <summary>The number of values.</summary>
    public int Count => _values.Count;

    /// <summary>Adds a value as text.</summary>
    public void Add(string name, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(value);
        _values.Add(new(name, value));
    }

    /// <summary>Adds a number; it round-trips exactly.</summary>
    public void Add(string name, double value) => Add(name, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Adds a flag.</summary>
    public void Add(string name, bool value) => Add(name, value ? "true" : "false");

    /// <summary>Reads <c>key=value</c> pairs, as <c>--set</c> takes them: whoever types a key twice has made a mistake.</summary>
    /// <exception cref="ArgumentException">A pair has no '=' or no key, or a key occurs twice.</exception>
    public static OptionValues Parse(IEnumerable<string> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        OptionValues values = [];
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new ArgumentException($"'{pair}' is no setting; expected key=value.", nameof(pairs));
            string key = pair[..equals].Trim(), value = pair[(equals + 1)..].Trim();
            if (values.FirstOrDefault(v => string.Equals(v.Key, key, StringComparison.OrdinalIgnoreCase)) is { Key: not null } first)
                throw new ArgumentException($"'{key}' is set twice, to '{first.Value}' and to '{value}'; expected each key once.", nameof(pairs));
            values.Add(key, value);
        }
        return values;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
