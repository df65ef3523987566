using System.Globalization;

namespace FastGrad.Data;

/// <summary>
/// A table that cannot be read as data. The message is one line and names what is known of source, row, line and column.
/// </summary>
public sealed class DataFormatException : FormatException
{
    /// <summary>Describes one fault.</summary>
    /// <param name="problem">What is wrong and what was expected, without the place.</param>
    /// <param name="origin">The file or table, if known.</param>
    /// <param name="row">The 1-based data row, headers not counted, or 0.</param>
    /// <param name="line">The 1-based line of the source at which the row starts, or 0.</param>
    /// <param name="column">The name of the column, if one is at fault.</param>
    /// <param name="text">The offending text in full, if there is one.</param>
    /// <param name="inner">The exception of the underlying reader, if there is one.</param>
    public DataFormatException(string problem, string? origin = null, long row = 0, long line = 0, string? column = null, string? text = null, Exception? inner = null)
        : base(Compose(problem, origin, row, line, column), inner)
    {
        Origin = origin;
        Row = row;
        Line = line;
        Column = column;
        Text = text;
    }

    /// <summary>The file or table, if known.</summary>
    public string? Origin { get; }

    /// <summary>The 1-based data row, headers not counted; 0 where no row is at fault.</summary>
    public long Row { get; }

    /// <summary>The 1-based line at which the row starts; 0 where it is unknown.</summary>
    public long Line { get; }

    /// <summary>The name of the column, if one is at fault.</summary>
    public string? Column { get; }

    /// <summary>The offending text in full, if there is one.</summary>
    public string? Text { get; }

    private static string Compose(string problem, string? origin, long row, long line, string? column)
    {
        var place = new List<string>(2);
        if (row > 0)
            place.Add(line > 0 ? string.Create(CultureInfo.InvariantCulture, $"row {row} (line {line})") : string.Create(CultureInfo.InvariantCulture, $"row {row}"));
        if (column is not null)
            place.Add("column " + MessageText.Quote(column));

        string[] parts = [.. origin is null ? [] : new[] { MessageText.OneLine(origin) }, .. place.Count == 0 ? [] : new[] { string.Join(", ", place) }, problem];
        return string.Join(": ", parts);
    }
}
