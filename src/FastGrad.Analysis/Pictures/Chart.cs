using System.Globalization;
using System.Text;

namespace FastGrad.Analysis.Pictures;

/// <summary>Lines and points over two axes, linear or logarithmic, as SVG.</summary>
/// <remarks>
/// Coordinates have one digit after the point and all elementary functions are the library's: the same numbers give the same bytes on every machine.
/// What is not finite, and on a logarithmic axis what is not positive, leaves a gap in its line.
/// </remarks>
/// <param name="title">Stands above, and is what a screen reader says.</param>
/// <param name="x">The name of the axis across.</param>
/// <param name="y">The name of the axis up.</param>
public sealed class Chart(string title, string x = "", string y = "")
{
    private const int Left = 58, Right = 14, Top = 48, Bottom = 40;

    private static readonly string[] s_colors = ["#1f6feb", "#d9480f", "#2b8a3e", "#8250df", "#57606a", "#bf3989"];

    private readonly List<Series> _series = [];

    /// <summary>Whether the axis across is logarithmic.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the axis up is logarithmic.</summary>
    public bool LogY { get; init; }

    /// <summary>What the axis across shows; all that is drawn where null.</summary>
    public (double Low, double High)? RangeX { get; init; }

    /// <summary>What the axis up shows; all that is drawn where null.</summary>
    public (double Low, double High)? RangeY { get; init; }

    /// <summary>The width in pixels.</summary>
    public int Width { get; init; } = 480;

    /// <summary>The height in pixels.</summary>
    public int Height { get; init; } = 320;

    /// <summary>Adds a line through points, in their order.</summary>
    /// <param name="name">Its name in the legend; not in it where empty.</param>
    /// <param name="xs">Across.</param>
    /// <param name="ys">Up, as many.</param>
    /// <param name="dashed">Whether it is dashed.</param>
    /// <returns>The chart itself.</returns>
    /// <exception cref="ArgumentException">There are no points, or not as many of both.</exception>
    public Chart Line(string name, IEnumerable<double> xs, IEnumerable<double> ys, bool dashed = false) => Add(name, xs, ys, dashed ? Mark.Dashes : Mark.Line);

    /// <summary>Adds points.</summary>
    /// <param name="name">Their name in the legend; not in it where empty.</param>
    /// <param name="xs">Across.</param>
    /// <param name="ys">Up, as many.</param>
    /// <returns>The chart itself.</returns>
    /// <exception cref="ArgumentException">There are no points, or not as many of both.</exception>
    public Chart Points(string name, IEnumerable<double> xs, IEnumerable<double> ys) => Add(name, xs, ys, Mark.Point);

    /// <summary>The picture.</summary>
    /// <exception cref="InvalidOperationException">Nothing can be drawn: there is no line or point, or none with finite coordinates.</exception>
    public string ToSvg()
    {
        int width = Width - Left - Right, height = Height - Top - Bottom;
        ChartAxis across = ChartAxis.Over(_series.SelectMany(s => s.X), RangeX, LogX, width), up = ChartAxis.Over(_series.SelectMany(s => s.Y), RangeY, LogY, height);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {Width} {Height}' width='{Width}' font-family='sans-serif' font-size='11' role='img'>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<title>{Escaped(title)}</title>\n<rect width='100%' height='100%' rx='6' fill='#fff'/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<svg x='{Left}' y='{Top}' width='{width}' height='{height}'>\n<path stroke='#e3e6ea' d='");
        foreach (double tick in across.Ticks)
            svg.Append(CultureInfo.InvariantCulture, $"M{across.At(tick):0.#} 0V{height}");
        foreach (double tick in up.Ticks)
            svg.Append(CultureInfo.InvariantCulture, $"M0 {height - up.At(tick):0.#}H{width}");
        svg.Append("'/>\n");
        for (int i = 0; i < _series.Count; i++)
        {
            Series s = _series[i];
            string path = ChartPath.Of([.. s.X.Zip(s.Y, (a, b) => (across.At(a), height - up.At(b)))], joined: s.Mark != Mark.Point);
            svg.Append(CultureInfo.InvariantCulture, $"<path fill='none' stroke='{Color(i)}'{Style(s.Mark)} d='{path}'/>\n");
        }
        svg.Append(CultureInfo.InvariantCulture, $"</svg>\n<rect x='{Left}' y='{Top}' width='{width}' height='{height}' fill='none' stroke='#8b949e'/>\n");
        foreach (double tick in across.Ticks)
            svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left + across.At(tick):0.#}' y='{Top + height + 14}' text-anchor='middle' fill='#57606a'>{across.Label(tick)}</text>\n");
        foreach (double tick in up.Ticks)
            svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left - 5}' y='{Top + height - up.At(tick) + 4:0.#}' text-anchor='end' fill='#57606a'>{up.Label(tick)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left + width / 2}' y='{Height - 8}' text-anchor='middle' fill='#24292f'>{Escaped(x)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x='12' y='{Top + height / 2}' text-anchor='middle' fill='#24292f' transform='rotate(-90 12 {Top + height / 2})'>{Escaped(y)}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x='{Left}' y='18' font-size='13' font-weight='bold' fill='#24292f'>{Escaped(title)}</text>\n");
        int at = Left;
        for (int i = 0; i < _series.Count; i++)
        {
            if (_series[i] is not { Name.Length: > 0 } s)
                continue;
            svg.Append(CultureInfo.InvariantCulture, $"<path stroke='{Color(i)}'{Style(s.Mark)} d='{(s.Mark == Mark.Point ? $"M{at + 8} 34h0" : $"M{at} 34h16")}'/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x='{at + 20}' y='38' fill='{Color(i)}'>{Escaped(s.Name)}</text>\n");
            at += 32 + 6 * s.Name.Length; // about six pixels a letter
        }
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Writes the picture into a file; its folder is made.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, ToSvg());
    }

    private Chart Add(string name, IEnumerable<double> xs, IEnumerable<double> ys, Mark mark)
    {
        ArgumentNullException.ThrowIfNull(name);
        Series series = new(name, [.. xs], [.. ys], mark);
        if (series.X.Length == 0 || series.X.Length != series.Y.Length)
            throw new ArgumentException($"'{name}' has {series.X.Length} numbers across and {series.Y.Length} up; expected as many of both, and at least one.", nameof(ys));
        _series.Add(series);
        return this;
    }

    private static string Color(int i) => s_colors[i % s_colors.Length];

    private static string Style(Mark mark) => mark switch
    {
        Mark.Line => " stroke-width='2'",
        Mark.Dashes => " stroke-width='1.5' stroke-dasharray='5 3'",
        _ => " stroke-width='5' stroke-linecap='round'", // a line of no length with round ends is a point
    };

    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    private enum Mark
    {
        Line,
        Dashes,
        Point,
    }

    private sealed record Series(string Name, double[] X, double[] Y, Mark Mark);
}
