using System.Globalization;
using System.Text;
using FastGrad.Analysis.Landscapes;

namespace FastGrad.Cli.Output;

/// <summary>A surface as text, seen from above: blank where it is low, full where it is high, with a letter for each way over it.</summary>
/// <remarks>Shades change at the contours' levels. A way begins at ○ and ends at ●; where nothing is known stands a question mark.</remarks>
internal static class Relief
{
    private const string Shades = " ·░▒▓█";
    private const int Margin = 11, Least = 30, Most = 100;

    /// <summary>The drawing.</summary>
    /// <param name="picture">Surface, levels and ways.</param>
    /// <param name="width">The characters of a line.</param>
    public static string Draw(LandscapePicture picture, int width)
    {
        LossSurface surface = picture.Surface;
        (GridAxis x, GridAxis y) = (surface.X, surface.Y);
        int columns = Math.Clamp(width - Margin - 1, Least, Most);
        // A character is about twice as high as wide.
        int rows = Math.Max(8, (int)Math.Round(columns * Math.Clamp((y.To - y.From) / (x.To - x.From), 0.6, 1.1) / 2.2));
        char[][] cells = new char[rows][];
        for (int row = 0; row < rows; row++)
        {
            cells[row] = new char[columns];
            for (int column = 0; column < columns; column++)
                cells[row][column] = Shade(surface.At(Place(x, column / (columns - 1.0)), Place(y, 1 - row / (rows - 1.0))), picture.Levels);
        }
        for (int k = 0; k < picture.Paths.Count; k++)
            Walk(picture.Paths[k].Points, (char)('a' + k % 26));
        foreach (LandscapePath path in picture.Paths)
        {
            if (path.Points.Count == 0)
                continue;
            Mark(path.Points[0].X, path.Points[0].Y, '○');
            Mark(path.Points[^1].X, path.Points[^1].Y, '●');
        }

        StringBuilder text = new();
        text.AppendLine(picture.Title);
        for (int row = 0; row < rows; row++)
        {
            string label = row % 4 == 0 || row == rows - 1 ? Number(Place(y, 1 - row / (rows - 1.0))) : "";
            text.AppendLine(CultureInfo.InvariantCulture, $"{label,Margin - 2} ┤{new string(cells[row])}");
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"{"",Margin - 2} └{new string('─', columns)}");
        string left = Number(x.From), right = Number(x.To), name = $"{x.Name} →, {y.Name} ↑";
        text.Append(CultureInfo.InvariantCulture, $"{"",Margin}{left}{name.PadLeft((columns + name.Length) / 2 - left.Length).PadRight(columns - left.Length - right.Length)}{right}");
        if (picture.Levels.Count > 0)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{"",Margin}blank below {Number(picture.Levels[0])}, █ above {Number(picture.Levels[^1])}");
        if (picture.Paths.Count > 0)
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{"",Margin}{string.Join("  ", picture.Paths.Select((path, k) => $"{(char)('a' + k % 26)} {path.Name}"))}");
        return text.ToString();

        // Every cell on the way from one place to the next.
        void Walk(IReadOnlyList<PlanePoint> points, char mark)
        {
            for (int i = 0; i < points.Count; i++)
            {
                (PlanePoint from, PlanePoint to) = (points[Math.Max(0, i - 1)], points[i]);
                double cellsBetween = Math.Max(Math.Abs(to.X - from.X) / (x.To - x.From) * columns, Math.Abs(to.Y - from.Y) / (y.To - y.From) * rows);
                int steps = double.IsFinite(cellsBetween) ? (int)Math.Clamp(Math.Ceiling(cellsBetween), 1, 1000) : 1;
                for (int s = 1; s <= steps; s++)
                    Mark(from.X + (to.X - from.X) * s / steps, from.Y + (to.Y - from.Y) * s / steps, mark);
            }
        }

        void Mark(double px, double py, char mark)
        {
            double column = Math.Round((px - x.From) / (x.To - x.From) * (columns - 1)), row = Math.Round((y.To - py) / (y.To - y.From) * (rows - 1));
            if (column >= 0 && column < columns && row >= 0 && row < rows)
                cells[(int)row][(int)column] = mark;
        }
    }

    private static char Shade(double value, IReadOnlyList<double> levels)
    {
        if (double.IsNaN(value))
            return '?';
        int below = levels.Count(level => value >= level);
        return levels.Count == 0 ? Shades[0] : Shades[(int)Math.Round(below * (Shades.Length - 1) / (double)levels.Count)];
    }

    private static double Place(GridAxis axis, double share) => axis.From * (1 - share) + axis.To * share;

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
