namespace FastGrad.Data;

/// <summary>How a table is read into a <see cref="DataSet{T}"/>.</summary>
public sealed record TableOptions
{
    /// <summary>The most distinct integer values that <see cref="Data.TargetKind.Auto"/> still takes for classes.</summary>
    public const int AutoClassLimit = 20;

    /// <summary>The last column is the target, and its kind is found out.</summary>
    public static TableOptions Default { get; } = new();

    /// <summary>The target columns by name; empty means the last column. More than one is regression.</summary>
    public IReadOnlyList<string> TargetColumns { get; init; } = [];

    /// <summary>What the target column is.</summary>
    public TargetKind TargetKind { get; init; }

    /// <summary>
    /// The features by name, in the order wanted; the table may hold them in any order, but must hold each of them and
    /// nothing else beside the targets, unless <see cref="IgnoreOthers"/>. Null means every column that is no target, in the table's order.
    /// </summary>
    public IReadOnlyList<string>? FeatureNames { get; init; }

    /// <summary>Whether columns that are neither features nor targets may stand in the table, unread, whatever they hold. Only with <see cref="FeatureNames"/>.</summary>
    public bool IgnoreOthers { get; init; }

    /// <summary>
    /// The classes of a known model: the label with the name LabelNames[i] becomes class i, another is an error, and
    /// <see cref="TargetKind.Auto"/> means classification. Null means the labels that occur: integers in numerical order,
    /// otherwise texts in ordinal order.
    /// </summary>
    public IReadOnlyList<string>? LabelNames { get; init; }

    /// <summary>What errors call the source, for example a file's path.</summary>
    public string? Origin { get; init; }

    /// <summary>
    /// The line of the first data row, where the source is text with one row a line (2 for CSV with headers): errors
    /// then name lines, and a line break within a field is an error. Null means that the source has no lines.
    /// </summary>
    public int? FirstLine { get; init; }

    /// <summary>
    /// The number of fields of the current row, for readers of text that let rows be ragged; a row of another width
    /// than the table is an error. Null means that the reader itself guarantees the width.
    /// </summary>
    public Func<int>? RowWidth { get; init; }
}
