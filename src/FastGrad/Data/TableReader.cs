using System.Data.Common;
using System.Numerics;

namespace FastGrad.Data;

/// <summary>
/// Reads a table row by row, strictly: a value is a finite number or an error that names its place. Nothing is skipped,
/// filled in or guessed, since a model trained on a misread table fails silently.
/// </summary>
internal sealed class TableReader<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DbDataReader _reader;
    private readonly TableOptions _options;
    private readonly TableColumns _columns;
    private long _row;

    public TableReader(DbDataReader reader, TableOptions options)
    {
        _reader = reader;
        _options = options is { TargetKind: TargetKind.Auto, LabelNames: not null } ? options with { TargetKind = TargetKind.Classification } : options;
        _columns = TableColumns.Of(reader, _options);
    }

    public DataSet<T> ReadAll(CancellationToken cancellation)
    {
        var features = new List<T>();
        var labels = _columns.Targets.Length == 1 && _options.TargetKind != TargetKind.Regression ? new LabelColumn(_options) : null;
        var targets = _options.TargetKind is TargetKind.Classification or TargetKind.None ? null : new List<T>();

        while (_reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            _row++;
            CheckWidth();
            foreach (var column in _columns.Features)
                features.Add(Number(column));
            foreach (var column in _columns.Targets)
                ReadTarget(column, labels, targets);
            foreach (var column in _columns.Skipped)
                CheckLine(column, _reader.GetValue(column));
        }

        if (_row == 0)
            throw new DataFormatException("there are no rows; expected at least one below the column names.", _options.Origin);
        return Build(features, labels, targets);
    }

    private DataSet<T> Build(List<T> features, LabelColumn? labels, List<T>? targets)
    {
        if (_options.TargetKind == TargetKind.None)
            return new DataSet<T>(TargetKind.None, (int)_row, [.. features], _columns.FeatureNames, [], [], [], []);
        if (labels is null || (targets is not null && !labels.AreClasses))
            return new DataSet<T>(TargetKind.Regression, (int)_row, [.. features], _columns.FeatureNames, [], [], [.. targets!], _columns.TargetNames);

        var (codes, names) = labels.Encode();
        return new DataSet<T>(TargetKind.Classification, (int)_row, [.. features], _columns.FeatureNames, codes, names, [], _columns.TargetNames);
    }

    private void ReadTarget(int column, LabelColumn? labels, List<T>? targets)
    {
        if (labels is null)
        {
            targets!.Add(Number(column));
            return;
        }

        var value = Present(column);
        var isNumber = Cell.TryNumber(value, out double label, out var text);
        if (labels.Add(isNumber, label, text) is { } problem)
            throw Fault(problem, column, text.Length > 0 ? text : Cell.TextOf(value));

        // Whether these are classes is known only at the end, so the numbers are kept as well.
        if (targets is not null && isNumber)
            targets.Add(Number(column));
    }

    private T Number(int column)
    {
        var value = Present(column);
        if (!Cell.TryNumber(value, out T number, out var text))
            throw Fault($"{MessageText.Quote(text)} is no number{TextTarget(column)}.", column, text);
        if (T.IsFinite(number))
            return number;

        text = Cell.TextOf(value);
        throw Fault($"{MessageText.Quote(text)} is not finite as {typeof(T).Name}; expected a finite number.", column, text);
    }

    private object Present(int column)
    {
        var value = _reader.GetValue(column);
        if (Cell.IsMissing(value))
            throw Fault("the value is missing.", column, "");
        CheckLine(column, value);
        return value;
    }

    // Where a row is a line, a break inside a field would also make every later line number wrong.
    private void CheckLine(int column, object value)
    {
        if (_options.FirstLine is not null && value is string text && text.AsSpan().IndexOfAny('\r', '\n') >= 0)
            throw Fault($"{MessageText.Quote(text)} holds a line break.", column, text);
    }

    // A column of texts shows in the first row: most likely it is the target, and another column was taken for it.
    private string TextTarget(int column) => _row == 1 && _options.TargetColumns.Count == 0 && _columns.TargetNames is [var target] && _columns.Features.Contains(column)
        ? $"; texts may stand in the target alone, the last column {MessageText.Quote(target)}"
        : "";

    private void CheckWidth()
    {
        if (_row > int.MaxValue)
            throw new DataFormatException($"there are more than {int.MaxValue} rows.", _options.Origin);
        if (_options.RowWidth is { } rowWidth && rowWidth() is var width && width != _columns.Count)
            throw Fault(width == 1 && Cell.IsMissing(_reader.GetValue(0)) ? "the row is empty." : $"the row has {width} fields; expected {_columns.Count}.", null, null);
    }

    private DataFormatException Fault(string problem, int? column, string? text) =>
        new(problem, _options.Origin, _row, _options.FirstLine is { } first ? first + _row - 1 : 0, column is { } c ? _reader.GetName(c) : null, text);
}
