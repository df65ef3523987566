using System.Globalization;
using System.Text;

namespace FastGrad.Analysis.Pictures;

/// <summary>Points in pixels as the data of an SVG path, with one digit after the point.</summary>
internal static class ChartPath
{
    // Straight runs are looked through again for each of their points: a bound keeps that linear.
    private const int LongestRun = 64;

    /// <summary>A polyline, broken where a coordinate is NaN; or, not joined, lines of no length.</summary>
    public static string Of(IReadOnlyList<(double X, double Y)> points, bool joined)
    {
        var path = new StringBuilder();
        for (int i = 0; i < points.Count; i++)
        {
            int end = i;
            while (end < points.Count && !double.IsNaN(points[end].X) && !double.IsNaN(points[end].Y))
                end++;
            if (joined)
            {
                int written = 0;
                foreach ((double x, double y) in Needed(points, i, end))
                    path.Append(CultureInfo.InvariantCulture, $"{(written++ switch { 0 => 'M', 1 => 'L', _ => ' ' })}{x:0.#} {y:0.#}");
                if (written == 1)
                    path.Append("h0");
            }
            else
            {
                foreach ((double x, double y) in points.Skip(i).Take(end - i))
                    path.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}h0");
            }
            i = end;
        }
        return path.ToString();
    }

    // Leaves out points that lie within a twentieth of a pixel of the segment between those around them.
    private static IEnumerable<(double X, double Y)> Needed(IReadOnlyList<(double X, double Y)> points, int begin, int end)
    {
        if (begin == end)
            yield break;
        yield return points[begin];
        for (int i = begin + 1, start = begin; i + 1 < end; i++)
        {
            bool straight = i - start < LongestRun;
            for (int k = start + 1; k <= i && straight; k++)
                straight = Away(points[k], points[start], points[i + 1]) < 0.05;
            if (!straight)
                yield return points[start = i];
        }
        if (end - begin > 1)
            yield return points[end - 1];
    }

    // The distance of p from the segment from a to b.
    private static double Away((double X, double Y) p, (double X, double Y) a, (double X, double Y) b)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, square = dx * dx + dy * dy;
        double along = square > 0 ? Math.Clamp(((p.X - a.X) * dx + (p.Y - a.Y) * dy) / square, 0, 1) : 0;
        double ex = p.X - a.X - along * dx, ey = p.Y - a.Y - along * dy;
        return Math.Sqrt(ex * ex + ey * ey);
    }
}
