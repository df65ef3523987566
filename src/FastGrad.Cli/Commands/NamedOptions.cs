using FastGrad.Optimization.Options;

namespace FastGrad.Cli.Commands;

/// <summary>A name with options, as the command line spells them: <c>adamw:lr=1e-3,weight_decay=0</c>.</summary>
internal sealed record NamedOptions(string Name, OptionValues Values)
{
    /// <summary>The text again.</summary>
    public override string ToString() => Values.Count == 0 ? Name : $"{Name}:{string.Join(',', Values.Select(v => $"{v.Key}={v.Value}"))}";

    /// <summary>Reads one. What has no '=' goes on with a list, as in <c>multi-step:milestones=30,60</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty, or a setting has no '='.</exception>
    public static NamedOptions Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = (colon < 0 ? text : text[..colon]).Trim();
        if (name.Length == 0)
            throw new ArgumentException($"'{text}' has no name; expected NAME or NAME:key=value,…", nameof(text));
        if (colon >= 0 && string.IsNullOrWhiteSpace(text[(colon + 1)..]))
            throw new ArgumentException($"'{text}' has no settings after ':'; expected NAME or NAME:key=value,…", nameof(text));
        List<string> pairs = [];
        foreach (string piece in colon < 0 ? [] : text[(colon + 1)..].Split(','))
        {
            if (pairs.Count > 0 && !piece.Contains('=', StringComparison.Ordinal))
                pairs[^1] += "," + piece;
            else
                pairs.Add(piece);
        }
        return new(name, OptionValues.Parse(pairs));
    }

    /// <summary>Reads several, separated by commas: what has '=' and no ':' is a setting of the one before.</summary>
    /// <exception cref="ArgumentException">There is none, or one cannot be read.</exception>
    public static IReadOnlyList<NamedOptions> ParseMany(string text)
    {
        List<string> texts = [];
        foreach (string piece in text.Split(','))
        {
            if (string.IsNullOrWhiteSpace(piece))
                throw new ArgumentException($"'{text}' has nothing {(texts.Count == 0 ? "before its first comma" : "after a comma")}; expected NAME or NAME:key=value, separated by single commas.", nameof(text));
            if (texts.Count > 0 && piece.Contains('=', StringComparison.Ordinal) && !piece.Contains(':', StringComparison.Ordinal))
                texts[^1] += (texts[^1].Contains(':', StringComparison.Ordinal) ? "," : ":") + piece;
            else
                texts.Add(piece);
        }
        return [.. texts.Select(Parse)];
    }
}
