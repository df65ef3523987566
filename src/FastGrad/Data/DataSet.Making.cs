using System.Data.Common;

namespace FastGrad.Data;

// How data sets are made. Static members of the generic type and not of a class named DataSet: whoever reads a database
// has that name from System.Data already.
public sealed partial class DataSet<T>
{
    /// <summary>A data set with a class for each row. The spans are copied.</summary>
    /// <param name="features">Row-major, [rows × columns], all finite.</param>
    /// <param name="columns">The number of features of a row.</param>
    /// <param name="labels">The class of each row, 0 … classes − 1.</param>
    /// <param name="labelNames">One name per class; null means "0", "1", … up to the greatest label.</param>
    /// <param name="featureNames">One name per column; null means "x0", "x1", ….</param>
    /// <param name="targetName">The name of the label column.</param>
    /// <exception cref="ArgumentException">Lengths do not fit each other, a feature is not finite, a name is missing or double.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is negative or has no name.</exception>
    public static DataSet<T> Classification(ReadOnlySpan<T> features, int columns, ReadOnlySpan<int> labels, IReadOnlyList<string>? labelNames = null, IReadOnlyList<string>? featureNames = null, string targetName = "label")
    {
        var rows = RowsOf(features, columns, nameof(features));
        if (labels.Length != rows)
            throw new ArgumentException($"labels holds {labels.Length} values for {rows} rows; expected one a row.", nameof(labels));
        var greatest = -1;
        foreach (var label in labels)
        {
            if (label < 0 || (labelNames is not null && label >= labelNames.Count))
                throw new ArgumentOutOfRangeException(nameof(labels), label, labelNames is null ? "A label is a class index from 0." : $"A label is a class index from 0 to {labelNames.Count - 1}.");
            greatest = Math.Max(greatest, label);
        }

        return new DataSet<T>(
            TargetKind.Classification, rows, features.ToArray(), NamesOf(featureNames, columns, "x", nameof(featureNames)),
            labels.ToArray(), NamesOf(labelNames, labelNames?.Count ?? greatest + 1, "", nameof(labelNames)), [], NamesOf([targetName], 1, "", nameof(targetName)));
    }

    /// <summary>A data set with one or more numbers to predict for each row. The spans are copied.</summary>
    /// <param name="features">Row-major, [rows × columns], all finite.</param>
    /// <param name="columns">The number of features of a row.</param>
    /// <param name="targets">Row-major, [rows × outputs], all finite.</param>
    /// <param name="outputs">The number of targets of a row.</param>
    /// <param name="featureNames">One name per column; null means "x0", "x1", ….</param>
    /// <param name="targetNames">One name per output; null means "y0", "y1", ….</param>
    /// <exception cref="ArgumentException">Lengths do not fit each other, a value is not finite, a name is missing or double.</exception>
    public static DataSet<T> Regression(ReadOnlySpan<T> features, int columns, ReadOnlySpan<T> targets, int outputs = 1, IReadOnlyList<string>? featureNames = null, IReadOnlyList<string>? targetNames = null)
    {
        var rows = RowsOf(features, columns, nameof(features));
        var targetRows = RowsOf(targets, outputs, nameof(targets));
        if (targetRows != rows)
            throw new ArgumentException($"targets has {targetRows} rows of {outputs}, features has {rows} rows of {columns}; expected as many rows.", nameof(targets));

        return new DataSet<T>(
            TargetKind.Regression, rows, features.ToArray(), NamesOf(featureNames, columns, "x", nameof(featureNames)),
            [], [], targets.ToArray(), NamesOf(targetNames, outputs, "y", nameof(targetNames)));
    }

    /// <summary>Rows without targets, to be predicted. The span is copied.</summary>
    /// <param name="features">Row-major, [rows × columns], all finite.</param>
    /// <param name="columns">The number of features of a row.</param>
    /// <param name="featureNames">One name per column; null means "x0", "x1", ….</param>
    /// <exception cref="ArgumentException">The length is no multiple of columns, a value is not finite, a name is missing or double.</exception>
    public static DataSet<T> Unlabelled(ReadOnlySpan<T> features, int columns, IReadOnlyList<string>? featureNames = null) =>
        new(TargetKind.None, RowsOf(features, columns, nameof(features)), features.ToArray(), NamesOf(featureNames, columns, "x", nameof(featureNames)), [], [], [], []);

    /// <summary>
    /// Reads every remaining row of a database query, CSV file or other table, one row at a time: numbers of any type
    /// and texts that spell numbers in the invariant culture, rounded once to <typeparamref name="T"/>.
    /// </summary>
    /// <param name="reader">Read to its end; not disposed.</param>
    /// <param name="options">Which columns are targets and what they are; null means the last one, kind found out.</param>
    /// <param name="cancellation">Looked at once a row.</param>
    /// <exception cref="DataFormatException">
    /// A missing value, a text that is no number, a value that is not finite in <typeparamref name="T"/>, a ragged row, no rows,
    /// a column without a name or of the same name as another, columns that do not fit <paramref name="options"/>.
    /// </exception>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public static DataSet<T> Read(DbDataReader reader, TableOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new TableReader<T>(reader, options ?? TableOptions.Default).ReadAll(cancellation);
    }

    private static int RowsOf(ReadOnlySpan<T> values, int width, string argument)
    {
        if (width < 1)
            throw new ArgumentException($"{argument} needs rows of at least one value, not {width}.", argument);
        if (values.IsEmpty || values.Length % width != 0)
            throw new ArgumentException($"{argument} holds {values.Length} values; expected a positive multiple of {width}.", argument);
        for (var i = 0; i < values.Length; i++)
            if (!T.IsFinite(values[i]))
                throw new ArgumentException($"{argument}[{i / width}, {i % width}] is {values[i]}; expected a finite number.", argument);
        return values.Length / width;
    }

    private static string[] NamesOf(IReadOnlyList<string>? names, int count, string prefix, string argument)
    {
        if (names is null)
            return [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];
        if (names.Count != count)
            throw new ArgumentException($"{argument} holds {names.Count} names; expected {count}.", argument);
        if (names.Any(string.IsNullOrWhiteSpace))
            throw new ArgumentException($"{argument} holds an empty name.", argument);
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"{argument} holds the name '{twice.Key}' more than once.", argument);
        return [.. names];
    }
}
