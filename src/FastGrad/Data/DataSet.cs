using System.Numerics;

namespace FastGrad.Data;

/// <summary>
/// An immutable table: features [rows × columns], row-major, and for each row a class, or one or more numbers to predict,
/// or nothing.
/// </summary>
public sealed partial class DataSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _features;
    private readonly int[] _labels;
    private readonly T[] _targets;

    internal DataSet(TargetKind kind, int rows, T[] features, string[] featureNames, int[] labels, string[] labelNames, T[] targets, string[] targetNames)
    {
        Kind = kind;
        Rows = rows;
        _features = features;
        _labels = labels;
        _targets = targets;
        FeatureNames = Array.AsReadOnly(featureNames);
        LabelNames = Array.AsReadOnly(labelNames);
        TargetNames = Array.AsReadOnly(targetNames);
    }

    /// <summary>Classification, regression or none; never <see cref="TargetKind.Auto"/>.</summary>
    public TargetKind Kind { get; }

    /// <summary>The number of rows, at least 1.</summary>
    public int Rows { get; }

    /// <summary>The number of features of a row, at least 1.</summary>
    public int Columns => FeatureNames.Count;

    /// <summary>The number of classes; 0 unless this is classification.</summary>
    public int Classes => LabelNames.Count;

    /// <summary>The number of regression targets of a row; 0 unless this is regression.</summary>
    public int Outputs => Kind == TargetKind.Regression ? TargetNames.Count : 0;

    /// <summary>The names of the features, one per column.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>The names of the classes; empty unless this is classification.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    /// <summary>The name of the label column, or of each regression target; empty where there is no target.</summary>
    public IReadOnlyList<string> TargetNames { get; }

    /// <summary>The features, [rows × columns].</summary>
    public ReadOnlySpan<T> Features => _features;

    /// <summary>The features, [rows × columns], as memory that a tensor can wrap without a copy.</summary>
    public ReadOnlyMemory<T> FeatureMemory => _features;

    /// <summary>The class of each row; empty unless this is classification.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The regression targets, [rows × outputs]; empty unless this is regression.</summary>
    public ReadOnlySpan<T> Targets => _targets;

    /// <summary>The features of one row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<T> Row(int row) => _features.AsSpan(Checked(row) * Columns, Columns);

    /// <summary>The regression targets of one row; empty unless this is regression.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public ReadOnlySpan<T> TargetRow(int row) => _targets.AsSpan(Checked(row) * Outputs, Outputs);

    /// <summary>The given rows in the given order, with all classes even where some have no row left.</summary>
    /// <exception cref="ArgumentException">No rows are given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public DataSet<T> Select(ReadOnlySpan<int> rows)
    {
        if (rows.IsEmpty)
            throw new ArgumentException("rows is empty; a data set has at least one row.", nameof(rows));
        var features = new T[rows.Length * Columns];
        var labels = new int[Kind == TargetKind.Classification ? rows.Length : 0];
        var targets = new T[rows.Length * Outputs];
        CopyFeatures(rows, features);
        if (labels.Length > 0)
            CopyLabels(rows, labels);
        if (targets.Length > 0)
            CopyTargets(rows, targets);
        return new DataSet<T>(Kind, rows.Length, features, [.. FeatureNames], labels, [.. LabelNames], targets, [.. TargetNames]);
    }

    /// <summary>
    /// Divides the rows into train and test sets: by class with <see cref="RowSplit.Stratified"/>, by a single number to
    /// predict with <see cref="RowSplit.Balanced"/>, otherwise with <see cref="RowSplit.Plain"/>. A function of the seed and
    /// the targets.
    /// </summary>
    /// <param name="testFraction">The share of the test set, between 0 and 1, both excluded.</param>
    /// <param name="seed">Another seed gives another split.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="ArgumentException">There are too few rows for two sets.</exception>
    public (DataSet<T> Train, DataSet<T> Test) Split(double testFraction, ulong seed)
    {
        var split = Kind == TargetKind.Classification ? RowSplit.Stratified(_labels, Classes, testFraction, seed)
            : Outputs == 1 ? RowSplit.Balanced<T>(_targets, testFraction, seed)
            : RowSplit.Plain(Rows, testFraction, seed);
        return (Select(split.Train), Select(split.Test));
    }

    /// <summary>
    /// The same rows with standardised features, and standardised regression targets where a standardizer for them is given.
    /// </summary>
    /// <exception cref="ArgumentException">A standardizer has another number of columns, or there are no regression targets.</exception>
    public DataSet<T> Standardize(Standardizer<T> features, Standardizer<T>? targets = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Columns != Columns)
            throw new ArgumentException($"The standardizer has {features.Columns} columns, the features {Columns}.", nameof(features));
        if (targets is not null && targets.Columns != Outputs)
            throw new ArgumentException($"The standardizer has {targets.Columns} columns, the regression targets {Outputs}.", nameof(targets));
        var scaledFeatures = new T[_features.Length];
        var scaledTargets = targets is null ? _targets : new T[_targets.Length];
        features.Apply(_features, scaledFeatures);
        targets?.Apply(_targets, scaledTargets);
        return new DataSet<T>(Kind, Rows, scaledFeatures, [.. FeatureNames], _labels, [.. LabelNames], scaledTargets, [.. TargetNames]);
    }

    /// <summary>Copies the features of the given rows, [rows.Length × columns]; allocates nothing.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void CopyFeatures(ReadOnlySpan<int> rows, Span<T> destination) => Gather(_features, Columns, rows, destination);

    /// <summary>Copies the classes of the given rows; allocates nothing.</summary>
    /// <exception cref="InvalidOperationException">This is no classification.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void CopyLabels(ReadOnlySpan<int> rows, Span<int> destination)
    {
        Require(TargetKind.Classification);
        Gather(_labels, 1, rows, destination);
    }

    /// <summary>Copies the regression targets of the given rows, [rows.Length × outputs]; allocates nothing.</summary>
    /// <exception cref="InvalidOperationException">This is no regression.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public void CopyTargets(ReadOnlySpan<int> rows, Span<T> destination)
    {
        Require(TargetKind.Regression);
        Gather(_targets, Outputs, rows, destination);
    }

    private void Gather<TValue>(ReadOnlySpan<TValue> table, int width, ReadOnlySpan<int> rows, Span<TValue> destination)
    {
        if (destination.Length < (long)rows.Length * width)
            throw new ArgumentException($"destination holds {destination.Length} values; {rows.Length} rows of {width} need {(long)rows.Length * width}.", nameof(destination));
        for (var i = 0; i < rows.Length; i++)
            table.Slice(Checked(rows[i]) * width, width).CopyTo(destination.Slice(i * width, width));
    }

    private int Checked(int row) =>
        (uint)row < (uint)Rows ? row : throw new ArgumentOutOfRangeException(nameof(row), row, $"There are {Rows} rows, counted from 0.");

    private void Require(TargetKind kind)
    {
        if (Kind != kind)
            throw new InvalidOperationException($"The data set's target is {Kind}; expected {kind}.");
    }
}
