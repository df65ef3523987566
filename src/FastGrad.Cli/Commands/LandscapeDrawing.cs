using System.Globalization;
using System.Text;
using System.Text.Json;
using FastGrad.Analysis.Landscapes;
using FastGrad.Analysis.Pictures;
using FastGrad.Cli.Output;
using FastGrad.Serialization;

namespace FastGrad.Cli.Commands;

/// <summary>What <c>fastgrad landscape</c> has found: a line or a surface, with ways over it, as text, JSON, CSV and SVG.</summary>
internal sealed class LandscapeDrawing
{
    /// <summary>What is looked at, for the title.</summary>
    public required string Title { get; init; }

    /// <summary>A slice on a plane; null for one along a line.</summary>
    public LossSurface? Surface { get; init; }

    /// <summary>A slice along a line; null for one on a plane.</summary>
    public LossLine? Line { get; init; }

    /// <summary>The number of contours.</summary>
    public required int Levels { get; init; }

    /// <summary>The ways over it.</summary>
    public IReadOnlyList<LandscapeWay> Ways { get; init; } = [];

    /// <summary>What else there is to say, a line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Writes what else there is to say into JSON: what the slice is of.</summary>
    public required Action<Utf8JsonWriter> Facts { get; init; }

    /// <summary>The slice as a table.</summary>
    public string ToCsv() => Surface is null ? Line!.ToCsv() : Surface.ToCsv();

    /// <summary>The slice as a picture.</summary>
    public string ToSvg() => Surface is null
        ? new Chart(Title, Line!.X.Name, "loss").Line("", Line.X.Places(), Line.Values.ToArray()).ToSvg()
        : Picture().ToSvg();

    /// <summary>Writes the files that are asked for, then says what was found.</summary>
    /// <exception cref="UsageException">A file cannot be written.</exception>
    public void Publish(string? csv, string? svg, bool json)
    {
        UsageException.Wrap(() =>
        {
            foreach ((string? path, Func<string> text) in new[] { (csv, (Func<string>)ToCsv), (svg, ToSvg) })
            {
                if (path is not null)
                    DurableFiles.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text())));
            }
            return true;
        });
        if (json)
        {
            JsonLine.Write(Write);
            return;
        }
        if (Surface is not null)
        {
            Console.Out.WriteLine(Relief.Draw(Picture(), Screen.Out.Profile.Width));
        }
        else
        {
            Plot plot = new(Title, Line!.X.Name);
            plot.Add('*', Line.X.Places(), Line.Values.ToArray());
            Console.Out.WriteLine(plot);
        }
        foreach (LandscapeWay way in Ways)
            Console.Out.WriteLine(way);
        foreach (string note in Notes)
            Console.Out.WriteLine(note);
    }

    private LandscapePicture Picture()
    {
        LandscapePicture picture = new(Surface!, ContourLevels.Fitting(Surface!, Levels)) { Title = Title };
        foreach (LandscapeWay way in Ways)
            picture.Add(way.Path.Name, way.Path.Points);
        return picture;
    }

    private void Write(Utf8JsonWriter line)
    {
        Facts(line);
        GridAxis x = Surface?.X ?? Line!.X;
        WriteAxis(line, "x", x);
        if (Surface is not null)
            WriteAxis(line, "y", Surface.Y);
        line.WriteStartObject("lowest");
        if (Surface is not null)
        {
            line.WriteFinite("x", Surface.Lowest.X);
            line.WriteFinite("y", Surface.Lowest.Y);
            line.WriteFinite("loss", Surface.Lowest.Value);
            line.WriteEndObject();
            WriteNumbers(line, "levels", Picture().Levels);
        }
        else
        {
            line.WriteFinite("x", Line!.Lowest.X);
            line.WriteFinite("loss", Line.Lowest.Value);
            line.WriteEndObject();
        }
        line.WriteStartArray("paths");
        foreach (LandscapeWay way in Ways)
        {
            line.WriteStartObject();
            line.WriteString("name", way.Path.Name);
            way.Facts?.Invoke(line);
            WriteNumbers(line, "x", way.Path.Points.Select(p => p.X));
            if (Surface is not null)
                WriteNumbers(line, "y", way.Path.Points.Select(p => p.Y));
            WriteNumbers(line, "distance", way.Path.Points.Select(p => p.Distance));
            WriteNumbers(line, "loss", way.Losses);
            line.WriteEndObject();
        }
        line.WriteEndArray();
        line.WriteStartArray("values");
        for (int j = 0; j < (Surface?.Y.Count ?? 1); j++)
        {
            if (Surface is not null)
                line.WriteStartArray();
            for (int i = 0; i < x.Count; i++)
                WriteNumber(line, Surface is null ? Line![i] : Surface[i, j]);
            if (Surface is not null)
                line.WriteEndArray();
        }
        line.WriteEndArray();
    }

    private static void WriteAxis(Utf8JsonWriter line, string name, GridAxis axis)
    {
        line.WriteStartObject(name);
        line.WriteString("name", axis.Name);
        line.WriteNumber("from", axis.From);
        line.WriteNumber("to", axis.To);
        line.WriteNumber("count", axis.Count);
        line.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter line, string name, IEnumerable<double> numbers)
    {
        line.WriteStartArray(name);
        foreach (double number in numbers)
            WriteNumber(line, number);
        line.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter line, double number)
    {
        if (double.IsFinite(number))
            line.WriteNumberValue(number);
        else
            line.WriteNullValue();
    }
}

/// <summary>A way over a landscape, with the loss at each of its places (of the space, not of their feet on the plane).</summary>
internal sealed record LandscapeWay(LandscapePath Path, double[] Losses)
{
    /// <summary>What is known of it besides.</summary>
    public Action<Utf8JsonWriter>? Facts { get; init; }

    /// <summary>What is said of it besides.</summary>
    public string Note { get; init; } = "";

    /// <summary>From where to where.</summary>
    public override string ToString() => Losses.Length == 0
        ? $"{Path.Name}: no place{Note}"
        : string.Create(CultureInfo.InvariantCulture, $"{Path.Name}: {Losses.Length} places, loss {Losses[0]:G6} to {Losses[^1]:G6}{Note}");
}
