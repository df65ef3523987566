using System.Globalization;
using System.Numerics;
using System.Text;
using FastGrad.Data;
using Sylvan.Data.Csv;

namespace FastGrad.Workloads.Csv;

/// <summary>
/// Reads CSV files, streaming and strict: comma-separated UTF-8, one header row, then one row a line. A fault anywhere is one
/// <see cref="DataFormatException"/> whose message is one line with file, row, line and column.
/// </summary>
public static class CsvData
{
    /// <summary>The longest row that is read, in characters: some 200 000 numbers, and no more memory than that for a broken file.</summary>
    public const int MaxRowLength = 1 << 22;

    // The headers are line 1, and a row is a line: breaks within fields are refused, blank lines are rows.
    private const int FirstLine = 2;

    /// <summary>Reads a file as a data set.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Which columns are targets and what they are; null means the last one, kind found out.</param>
    /// <param name="cancellation">Looked at once a row.</param>
    /// <exception cref="DataFormatException">The file is not as described.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static DataSet<T> Read<T>(string path, TableOptions? options = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var stream = File.OpenRead(path);
        return Read<T>(stream, path, options, cancellation);
    }

    /// <summary>Reads a stream as a data set.</summary>
    /// <param name="stream">Read to its end; not disposed.</param>
    /// <param name="origin">What errors call the stream.</param>
    /// <param name="options">Which columns are targets and what they are; null means the last one, kind found out.</param>
    /// <param name="cancellation">Looked at once a row.</param>
    /// <exception cref="DataFormatException">The text is not as described.</exception>
    public static DataSet<T> Read<T>(Stream stream, string origin, TableOptions? options = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(origin);
        CsvDataReader? csv = null;
        try
        {
            using var text = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            csv = CsvDataReader.Create(text, Options(origin));
            var table = (options ?? TableOptions.Default) with { Origin = origin, FirstLine = FirstLine, RowWidth = () => csv.RowFieldCount };
            DataSet<T> data = DataSet<T>.Read(csv, table, cancellation);
            return LacksNames(data) ? throw new DataFormatException("the first line holds values like those below it; expected column names.", origin, line: 1) : data;
        }
        catch (CsvFormatException error)
        {
            throw Translate(error, csv, origin);
        }
        catch (DecoderFallbackException error)
        {
            throw new DataFormatException($"the file is not UTF-8 text: {error.Message}", origin, inner: error);
        }
        finally
        {
            csv?.Dispose();
        }
    }

    /// <summary>
    /// Reads rows to predict: the columns that a model wants, found by name in any order. Target columns may be there or
    /// not; they are not read. Any other column is an error, so that a model never sees a table that it was not made for.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="featureNames">The model's features, in the model's order.</param>
    /// <param name="targetNames">The columns that may be there unread.</param>
    /// <param name="cancellation">Looked at once a row.</param>
    /// <exception cref="DataFormatException">A column is missing or unexpected, or the file is not as described.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static DataSet<T> ReadFeatures<T>(string path, IReadOnlyList<string> featureNames, IReadOnlyList<string>? targetNames = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Read<T>(path, FeaturesOnly(featureNames, targetNames), cancellation);

    /// <summary>Reads rows to predict from a stream: see <see cref="ReadFeatures{T}(string, IReadOnlyList{string}, IReadOnlyList{string}?, CancellationToken)"/>.</summary>
    /// <param name="stream">Read to its end; not disposed.</param>
    /// <param name="origin">What errors call the stream.</param>
    /// <param name="featureNames">The model's features, in the model's order.</param>
    /// <param name="targetNames">The columns that may be there unread.</param>
    /// <param name="cancellation">Looked at once a row.</param>
    /// <exception cref="DataFormatException">A column is missing or unexpected, or the text is not as described.</exception>
    public static DataSet<T> ReadFeatures<T>(Stream stream, string origin, IReadOnlyList<string> featureNames, IReadOnlyList<string>? targetNames = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Read<T>(stream, origin, FeaturesOnly(featureNames, targetNames), cancellation);

    /// <summary>The names of the columns.</summary>
    /// <param name="stream">Read as far as the reader's buffer goes; not disposed.</param>
    /// <param name="origin">What errors call the stream.</param>
    /// <exception cref="DataFormatException">There is no line of names.</exception>
    public static IReadOnlyList<string> ColumnNames(Stream stream, string origin)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(origin);
        CsvDataReader? csv = null;
        try
        {
            using var text = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            csv = CsvDataReader.Create(text, Options(origin));
            return [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetName)];
        }
        catch (CsvFormatException error)
        {
            throw Translate(error, csv, origin);
        }
        catch (DecoderFallbackException error)
        {
            throw new DataFormatException($"the file is not UTF-8 text: {error.Message}", origin, inner: error);
        }
        finally
        {
            csv?.Dispose();
        }
    }

    private static TableOptions FeaturesOnly(IReadOnlyList<string> featureNames, IReadOnlyList<string>? targetNames) =>
        new() { TargetKind = TargetKind.None, FeatureNames = featureNames, TargetColumns = targetNames ?? [] };

    private static CsvDataReaderOptions Options(string origin) => new()
    {
        // Left alone, the delimiter is guessed from the headers, and rows that begin with '#' are comments and skipped.
        Delimiter = ',',
        Comment = '\0',
        CommentHandler = new Action<string>(_ => throw new DataFormatException("a row begins with the character U+0000; expected text.", origin)),
        BufferSize = 1 << 16,
        MaxBufferSize = MaxRowLength,
        OwnsReader = false,
    };

    // Numbers may name columns, 400.5 (nm) as well as 0, 1, 2. But where a number or one of its own labels names the target too, a row was read as names.
    private static bool LacksNames<T>(DataSet<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        data.TargetNames is [var target] && data.FeatureNames.All(IsNumber) && (data.LabelNames.Contains(target) || IsNumber(target))
        && !data.FeatureNames.All(name => name.All(char.IsAsciiDigit));

    private static bool IsNumber(string name) => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static DataFormatException Translate(CsvFormatException error, CsvDataReader? csv, string origin)
    {
        var problem = error switch
        {
            CsvMissingHeadersException => "the file is empty; expected column names and rows.",
            CsvRecordTooLargeException => $"the row is longer than {MaxRowLength} characters.",
            CsvInvalidCharacterException => "the quotes are not balanced; expected a comma or the end of the line after a closing quote.",
            _ => error.Message,
        };
        var column = csv is not null && error.FieldOrdinal < csv.FieldCount ? csv.GetName(error.FieldOrdinal) : null;
        return new DataFormatException(problem, origin, error.RowNumber, error.RowNumber > 0 ? error.RowNumber + FirstLine - 1 : 0, column, inner: error);
    }
}
