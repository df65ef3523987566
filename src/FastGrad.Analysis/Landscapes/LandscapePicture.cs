using FastGrad.Analysis.Pictures;

namespace FastGrad.Analysis.Landscapes;

/// <summary>A surface as a picture from above, as SVG: filled contours, their lines and a scale of colours, with ways over it and axes with numbers.</summary>
/// <remarks>The bytes are a function of surface, levels and ways: the same on every machine.</remarks>
public sealed class LandscapePicture
{
    private const int Width = 440, Left = 58, Top = 34, Right = 88, Bottom = 44, LegendLine = 18, Bar = 14;

    // A way of more places is drawn as a line alone.
    private const int MostDots = 250;

    private readonly List<LandscapePath> _paths = [];

    /// <summary>A picture of a surface.</summary>
    /// <param name="surface">The surface.</param>
    /// <param name="levels">Where contours are drawn, ascending; null for twelve that fit.</param>
    /// <exception cref="ArgumentException">The levels are not finite, or not ascending.</exception>
    public LandscapePicture(LossSurface surface, IReadOnlyList<double>? levels = null)
    {
        ArgumentNullException.ThrowIfNull(surface);
        Surface = surface;
        Levels = levels ?? ContourLevels.Fitting(surface, 12);
        for (int k = 0; k < Levels.Count; k++)
        {
            if (!double.IsFinite(Levels[k]) || k > 0 && !(Levels[k] > Levels[k - 1]))
                throw new ArgumentException($"Level {k} of the contours is {Levels[k]}; expected finite numbers, ascending.", nameof(levels));
        }
    }

    /// <summary>What stands above.</summary>
    public string Title { get; init; } = "";

    /// <summary>What is drawn.</summary>
    public LossSurface Surface { get; }

    /// <summary>Where contours are drawn.</summary>
    public IReadOnlyList<double> Levels { get; }

    /// <summary>The ways over the surface.</summary>
    public IReadOnlyList<LandscapePath> Paths => _paths;

    /// <summary>Adds a way.</summary>
    /// <param name="name">What is written for it.</param>
    /// <param name="points">Its places in order.</param>
    /// <returns>This picture.</returns>
    public LandscapePicture Add(string name, IReadOnlyList<PlanePoint> points)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(points);
        _paths.Add(new(name, points));
        return this;
    }

    /// <summary>The picture.</summary>
    public string ToSvg()
    {
        (GridAxis x, GridAxis y) = (Surface.X, Surface.Y);
        // Equal units both ways, unless the picture would be very flat or very high.
        int height = (int)Math.Round(Width * Math.Clamp((y.To - y.From) / (x.To - x.From), 0.6, 1.1));
        List<(string Name, string Color, double X, int Row)> legend = Legend();
        int below = Bottom + (legend.Count == 0 ? 0 : (legend[^1].Row + 1) * LegendLine);
        SvgCanvas svg = new(Left + Width + Right, Top + height + below, Title);
        ChartAxis across = ChartAxis.Over([], (x.From, x.To), log: false, Width), up = ChartAxis.Over([], (y.From, y.To), log: false, height);
        svg.BeginInset(Left, Top, Width, height);
        Fill(svg, Pixel);
        (double X, double Y)[][] ways = [.. _paths.Select(path => ((double, double)[])[.. path.Points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y)).Select(Pixel)])];
        for (int k = 0; k < ways.Length; k++)
            Draw(svg, ways[k], ColorRamp.Pen(k));
        for (int k = 0; k < ways.Length; k++)
            Mark(svg, ways[k], ColorRamp.Pen(k));
        svg.EndInset();
        svg.Rectangle(Left, Top, Width, height, $"fill='none' stroke='{SvgCanvas.Axis}'");
        Axes(svg, across, up, height);
        Scale(svg, height);
        if (Title.Length > 0)
            svg.Text(Left, 20, Title, $"font-weight='bold' fill='{SvgCanvas.Ink}'");
        foreach ((string name, string color, double at, int row) in legend)
        {
            double line = Top + height + Bottom + row * LegendLine + 4;
            svg.Path($"M{SvgCanvas.Number(at)} {SvgCanvas.Number(line - 4)}h18", $"stroke='{color}' stroke-width='3'");
            svg.Text(at + 23, line, name, $"fill='{SvgCanvas.Ink}'");
        }
        return svg.ToString();

        (double X, double Y) Pixel(PlanePoint p) => (across.At(p.X), height - up.At(p.Y));
    }

    // Part above part: each level's colour covers that of the levels below it.
    private void Fill(SvgCanvas svg, Func<PlanePoint, (double X, double Y)> pixel)
    {
        for (int k = -1; k < Levels.Count; k++)
        {
            Contour part = Contour.Above(Surface, k < 0 ? double.NegativeInfinity : Levels[k]);
            svg.Path(Data(part), $"fill='{Color(k + 1)}' fill-rule='evenodd'");
        }
        foreach (double level in Levels)
            svg.Path(Data(Contour.Of(Surface, level)), $"fill='none' stroke='{SvgCanvas.Ink}' stroke-opacity='.45' stroke-width='.7'");

        string Data(Contour contour) => string.Concat(contour.Lines.Select(line => ChartPath.Of([.. line.Points.Select(pixel)], joined: true) + (line.IsClosed ? "Z" : "")));
    }

    private static void Draw(SvgCanvas svg, (double X, double Y)[] way, string color)
    {
        string line = ChartPath.Of(way, joined: true);
        svg.Path(line, "fill='none' stroke='#fff' stroke-opacity='.8' stroke-width='4' stroke-linejoin='round'");
        svg.Path(line, $"fill='none' stroke='{color}' stroke-width='1.8' stroke-linejoin='round'");
        if (way.Length <= MostDots) // lines of no length with round ends
            svg.Path(ChartPath.Of(way, joined: false), $"stroke='{color}' stroke-width='4' stroke-linecap='round'");
    }

    // A ring at the start, a dot at the end, above all lines.
    private static void Mark(SvgCanvas svg, (double X, double Y)[] way, string color)
    {
        if (way.Length == 0)
            return;
        svg.Circle(way[0].X, way[0].Y, 4.5, $"fill='#fff' stroke='{color}' stroke-width='2'");
        svg.Circle(way[^1].X, way[^1].Y, 4.5, $"fill='{color}' stroke='#fff' stroke-width='1.5'");
    }

    private void Axes(SvgCanvas svg, ChartAxis across, ChartAxis up, int height)
    {
        foreach (double tick in across.Ticks)
        {
            double at = Left + across.At(tick);
            svg.Path($"M{SvgCanvas.Number(at)} {Top + height}v4", $"stroke='{SvgCanvas.Axis}'");
            svg.Text(at, Top + height + 16, across.Label(tick), $"text-anchor='middle' fill='{SvgCanvas.Label}'");
        }
        foreach (double tick in up.Ticks)
        {
            double at = Top + height - up.At(tick);
            svg.Path($"M{Left} {SvgCanvas.Number(at)}h-4", $"stroke='{SvgCanvas.Axis}'");
            svg.Text(Left - 7, at + 4, up.Label(tick), $"text-anchor='end' fill='{SvgCanvas.Label}'");
        }
        svg.Text(Left + Width / 2, Top + height + 32, Surface.X.Name, $"text-anchor='middle' fill='{SvgCanvas.Ink}'");
        svg.Text(0, 0, Surface.Y.Name, $"text-anchor='middle' fill='{SvgCanvas.Ink}' transform='translate(13 {Top + height / 2}) rotate(-90)'");
    }

    // A bar of the colours, from low to high, with the level at each border.
    private void Scale(SvgCanvas svg, int height)
    {
        if (Levels.Count == 0)
            return;
        double each = height / (Levels.Count + 1.0), left = Left + Width + 14;
        int skip = (int)Math.Ceiling(13 / each);
        for (int k = 0; k <= Levels.Count; k++)
        {
            svg.Rectangle(left, Top + height - (k + 1) * each, Bar, each, $"fill='{Color(k)}'");
            if (k < Levels.Count && k % skip == 0)
                svg.Text(left + Bar + 4, Top + height - (k + 1) * each + 4, SvgCanvas.Rounded(Levels[k]), $"fill='{SvgCanvas.Label}'");
        }
        svg.Rectangle(left, Top, Bar, height, $"fill='none' stroke='{SvgCanvas.Axis}'");
    }

    private string Color(int part) => ColorRamp.At(Levels.Count == 0 ? 0 : part / (double)Levels.Count);

    // Names in rows: a letter is taken for 6.2 pixels.
    private List<(string Name, string Color, double X, int Row)> Legend()
    {
        List<(string Name, string Color, double X, int Row)> entries = [];
        (double at, int row) = (Left, 0);
        for (int k = 0; k < _paths.Count; k++)
        {
            double width = 36 + 6.2 * _paths[k].Name.Length;
            if (at > Left && at + width > Left + Width + Right)
                (at, row) = (Left, row + 1);
            entries.Add((_paths[k].Name, ColorRamp.Pen(k), at, row));
            at += width;
        }
        return entries;
    }
}
