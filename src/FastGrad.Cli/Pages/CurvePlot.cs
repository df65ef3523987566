using System.Globalization;
using System.Text;
using FastGrad.Analysis.Pictures;

namespace FastGrad.Cli.Pages;

/// <summary>A picture of curves over x from −4 to 4 and y from −1.5 to 2.5, as SVG: a grid, the curves, a legend.</summary>
/// <remarks>Coordinates have one digit after the point, and all elementary functions are the library's: the file is the same on every machine.</remarks>
internal static class CurvePlot
{
    private const double Left = -4, Right = 4, Bottom = -1.5, Top = 2.5, Unit = 40; // Unit: pixels of a 1, both ways
    private const int Margin = 24, Steps = 160;

    private static readonly (string Color, string Style)[] s_pens = [("#1f6feb", ""), ("#d9480f", ""), ("#2b8a3e", " stroke-dasharray='5 3'")];

    /// <summary>One curve: its name in the legend, its values, and where it may jump or bend.</summary>
    public readonly record struct Curve(string Name, Func<double[], double[]> Values, IReadOnlyList<double> Seams);

    /// <summary>The picture of up to three curves.</summary>
    /// <param name="title">Stands above, and is what a screen reader says.</param>
    /// <param name="curves">The curves, in the order of the legend.</param>
    public static string Draw(string title, params ReadOnlySpan<Curve> curves)
    {
        int width = (int)((Right - Left) * Unit), height = (int)((Top - Bottom) * Unit);
        var svg = new SvgCanvas(width + 2 * Margin, height + 2 * Margin, title);
        svg.BeginInset(Margin, Margin, width, height);
        var grid = new StringBuilder();
        for (double x = Left; x <= Right; x++)
            grid.Append(CultureInfo.InvariantCulture, $"M{Across(x)} 0V{height}");
        for (double y = Bottom + 0.5; y <= Top; y++)
            grid.Append(CultureInfo.InvariantCulture, $"M0 {Up(y)}H{width}");
        svg.Path(grid.ToString(), $"stroke='{SvgCanvas.Grid}'");
        svg.Path($"M{SvgCanvas.Number(Across(0))} 0V{height}M0 {SvgCanvas.Number(Up(0))}H{width}", $"stroke='{SvgCanvas.Axis}'");
        for (int i = 0; i < curves.Length; i++)
            svg.Path(Path(curves[i]), $"fill='none' stroke='{s_pens[i].Color}' stroke-width='2'{s_pens[i].Style}");
        svg.EndInset();
        for (double x = Left; x <= Right; x += 2)
            svg.Text(Margin + Across(x), height + Margin + 15, SvgCanvas.Signed(x), $"text-anchor='middle' fill='{SvgCanvas.Label}'");
        for (double y = -1; y <= 2; y++)
            svg.Text(Margin - 5, Margin + Up(y) + 4, SvgCanvas.Signed(y), $"text-anchor='end' fill='{SvgCanvas.Label}'");
        svg.Text(Margin, 16, title, $"font-weight='bold' fill='{SvgCanvas.Ink}'");
        for (int i = 0; i < curves.Length; i++)
            svg.Text(width + Margin - 28 * (curves.Length - 1 - i), 16, curves[i].Name, $"text-anchor='end' fill='{s_pens[i].Color}'");
        return svg.ToString();
    }

    // A path for each piece between seams, whose ends lie just beside them.
    private static string Path(Curve curve)
    {
        var path = new StringBuilder();
        double[] ends = [Left, .. curve.Seams.Where(seam => seam is > Left and < Right), Right];
        for (int piece = 0; piece + 1 < ends.Length; piece++)
        {
            const double Beside = 1e-9;
            double from = ends[piece] + Beside, to = ends[piece + 1] - Beside;
            int count = 1 + (int)Math.Ceiling(Steps * (to - from) / (Right - Left));
            double[] x = [.. Enumerable.Range(0, count).Select(i => from + (to - from) * i / (count - 1))], y = curve.Values(x);
            List<(double X, double Y)> points = Needed([.. x.Zip(y, (a, b) => (Across(a), Math.Clamp(Up(b), -1000, 1000)))]);
            path.Append(SvgCanvas.Polyline(points));
        }
        return path.ToString();
    }

    // Leaves out points that lie within a twentieth of a pixel of the line between those around them.
    private static List<(double X, double Y)> Needed((double X, double Y)[] points)
    {
        List<(double X, double Y)> kept = [points[0]];
        for (int i = 1, start = 0; i + 1 < points.Length; i++)
        {
            ((double x0, double y0), (double x1, double y1)) = (points[start], points[i + 1]);
            bool straight = true;
            for (int k = start + 1; k <= i && straight; k++)
                straight = Math.Abs(y0 + (y1 - y0) * (points[k].X - x0) / (x1 - x0) - points[k].Y) < 0.05;
            if (!straight)
            {
                kept.Add(points[i]);
                start = i;
            }
        }
        kept.Add(points[^1]);
        return kept;
    }

    private static double Across(double x) => (x - Left) * Unit;

    private static double Up(double y) => (Top - y) * Unit;
}
