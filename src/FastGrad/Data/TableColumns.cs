using System.Data.Common;

namespace FastGrad.Data;

/// <summary>Which columns of a table are features, targets, or neither.</summary>
internal sealed class TableColumns
{
    /// <summary>The ordinals of the features, in the order wanted.</summary>
    public required int[] Features { get; init; }

    /// <summary>The names of the features.</summary>
    public required string[] FeatureNames { get; init; }

    /// <summary>The ordinals of the targets to read.</summary>
    public required int[] Targets { get; init; }

    /// <summary>The names of the targets.</summary>
    public required string[] TargetNames { get; init; }

    /// <summary>The ordinals of columns that are present but not wanted.</summary>
    public required int[] Skipped { get; init; }

    /// <summary>The number of columns of the table.</summary>
    public required int Count { get; init; }

    public static TableColumns Of(DbDataReader reader, TableOptions options)
    {
        var wanted = options.TargetColumns;
        var predicting = options.TargetKind == TargetKind.None;
        if (wanted.Count > 1 && options.TargetKind == TargetKind.Classification)
            throw new ArgumentException($"{wanted.Count} target columns cannot be classes; expected one column, or regression.", nameof(options));

        if (options.FeatureNames is { } asked && asked.Concat(wanted).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The column '{twice.Key}' is asked for more than once.", nameof(options));

        var (names, placeOf) = NamesOf(reader, options.Origin);
        var missing = wanted.Where(name => !placeOf.ContainsKey(name)).ToArray();
        if (missing.Length > 0 && !predicting)
            throw new DataFormatException($"there is no target column {MessageText.Quote(missing)}; the columns are {MessageText.Quote(names)}.", options.Origin);

        int[] targets = wanted.Count > 0 ? [.. wanted.Except(missing).Select(name => placeOf[name])] : predicting ? [] : [names.Length - 1];
        int[] left = [.. Enumerable.Range(0, names.Length).Except(targets)];
        var features = options.FeatureNames is { } fitting ? Fit(fitting, names, left, options) : left;
        if (features.Length == 0)
            throw new DataFormatException($"there is no feature column beside the target; the columns are {MessageText.Quote(names)}. Are the fields separated by commas?", options.Origin);

        return new TableColumns
        {
            Count = names.Length,
            Features = features,
            FeatureNames = [.. features.Select(i => names[i])],
            Targets = predicting ? [] : targets,
            TargetNames = predicting ? [] : [.. targets.Select(i => names[i])],
            Skipped = [.. predicting ? targets : [], .. left.Except(features)],
        };
    }

    private static (string[] Names, Dictionary<string, int> PlaceOf) NamesOf(DbDataReader reader, string? origin)
    {
        var names = new string[reader.FieldCount];
        var placeOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i] = reader.GetName(i);
            if (string.IsNullOrWhiteSpace(name))
                throw new DataFormatException($"column {i + 1} of {names.Length} has no name.", origin);
            if (names.Length > 1 && name.Any(char.IsControl)) // a single one may hold tabs for commas, which is told better below
                throw new DataFormatException($"column {i + 1} of {names.Length} is named {MessageText.Quote(name)}, with a control character; expected text.", origin);
            if (!placeOf.TryAdd(name, i))
                throw new DataFormatException($"columns {placeOf[name] + 1} and {i + 1} have the same name {MessageText.Quote(name)}.", origin, column: name);
        }

        return (names, placeOf);
    }

    // The columns left beside the targets, in the order wanted; they must be exactly those, unless others are ignored.
    private static int[] Fit(IReadOnlyList<string> wanted, string[] names, int[] left, TableOptions options)
    {
        var placeOf = left.ToDictionary(i => names[i], i => i, StringComparer.Ordinal);
        var missing = wanted.Where(name => !placeOf.ContainsKey(name)).ToArray();
        var unexpected = options.IgnoreOthers ? [] : left.Select(i => names[i]).Except(wanted).ToArray();
        if (missing.Length == 0 && unexpected.Length == 0)
            return [.. wanted.Select(name => placeOf[name])];

        string[] faults = [.. missing.Length > 0 ? new[] { $"missing {MessageText.Quote(missing)}" } : [], .. unexpected.Length > 0 ? new[] { $"unexpected {MessageText.Quote(unexpected)}" } : []];
        throw new DataFormatException($"the columns do not fit: {left.Length} features, expected {wanted.Count}; {string.Join("; ", faults)}.", options.Origin, column: missing.Length > 0 ? missing[0] : unexpected[0]);
    }
}
