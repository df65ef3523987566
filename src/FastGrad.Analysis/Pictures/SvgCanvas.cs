using System.Globalization;
using System.Text;

namespace FastGrad.Analysis.Pictures;

/// <summary>A picture under way, as SVG: elements one below the other, coordinates in pixels with one digit after the point.</summary>
/// <remarks>The text is a function of what was drawn: no dates, no names of programs, the invariant culture. Lines end with a line feed.</remarks>
public sealed class SvgCanvas
{
    /// <summary>The colours of lines behind a picture, of axes, of numbers beside them, of titles.</summary>
    public const string Grid = "#e3e6ea", Axis = "#8b949e", Label = "#57606a", Ink = "#24292f";

    // What leaves the picture is cut off by it; numbers stay short.
    private const double Farthest = 100_000;

    private readonly StringBuilder _svg = new();
    private bool _inset;

    /// <summary>An empty white picture.</summary>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="title">What a screen reader says.</param>
    public SvgCanvas(int width, int height, string title)
    {
        ArgumentNullException.ThrowIfNull(title);
        _svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' font-family='sans-serif' font-size='11' role='img'>\n");
        _svg.Append(CultureInfo.InvariantCulture, $"<title>{Escape(title)}</title>\n<rect width='100%' height='100%' rx='6' fill='#fff'/>\n");
    }

    /// <summary>A coordinate.</summary>
    public static string Number(double value) => Math.Clamp(value, -Farthest, Farthest).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>The number beside a tick: at most five digits, a true minus.</summary>
    public static string Signed(double value) => value.ToString("G5", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>The number beside a part of a scale: three digits, a true minus, no exponent from 0.001 to 100 000.</summary>
    public static string Rounded(double value) =>
        double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("G5", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A line through points, as a path's data; every point is kept, but those that fall on the one before.</summary>
    public static string Polyline(IEnumerable<(double X, double Y)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var path = new StringBuilder();
        (string last, int count) = ("", 0);
        foreach ((double x, double y) in points)
        {
            string point = $"{Number(x)} {Number(y)}";
            if (point == last)
                continue;
            path.Append(count switch { 0 => 'M', 1 => 'L', _ => ' ' }).Append(point);
            (last, count) = (point, count + 1);
        }
        return path.ToString();
    }

    /// <summary>Begins a part with coordinates of its own; what is drawn outside of it is cut off.</summary>
    public void BeginInset(double x, double y, double width, double height)
    {
        _svg.Append($"<svg x='{Number(x)}' y='{Number(y)}' width='{Number(width)}' height='{Number(height)}'>\n");
        _inset = true;
    }

    /// <summary>Ends the part.</summary>
    public void EndInset()
    {
        _svg.Append("</svg>\n");
        _inset = false;
    }

    /// <summary>A path; none where there is no data.</summary>
    /// <param name="data">The data: <see cref="Polyline"/>.</param>
    /// <param name="attributes">Stroke, fill and so on, as they stand in the element.</param>
    public void Path(string data, string attributes)
    {
        if (!string.IsNullOrEmpty(data))
            _svg.Append($"<path {attributes} d='{data}'/>\n");
    }

    /// <summary>A rectangle.</summary>
    public void Rectangle(double x, double y, double width, double height, string attributes) =>
        _svg.Append($"<rect x='{Number(x)}' y='{Number(y)}' width='{Number(width)}' height='{Number(height)}' {attributes}/>\n");

    /// <summary>A circle.</summary>
    public void Circle(double x, double y, double radius, string attributes) =>
        _svg.Append($"<circle cx='{Number(x)}' cy='{Number(y)}' r='{Number(radius)}' {attributes}/>\n");

    /// <summary>A text; any characters are fine.</summary>
    public void Text(double x, double y, string text, string attributes) =>
        _svg.Append($"<text x='{Number(x)}' y='{Number(y)}' {attributes}>{Escape(text)}</text>\n");

    /// <summary>The picture, whole.</summary>
    public override string ToString() => _svg + (_inset ? "</svg>\n</svg>\n" : "</svg>\n");

    // XML has no way to write most control characters, nor half of a pair.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                < 0x20 or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune),
            };
        }
        return escaped.ToString();
    }
}
