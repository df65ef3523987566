namespace FastGrad.Analysis.Landscapes;

/// <summary>Lines of one value on a grid, cell by cell (Lorensen and Cline 1987 in the plane); <see cref="Contour"/> states the rules.</summary>
/// <param name="x">The nodes' places across.</param>
/// <param name="y">The nodes' places up.</param>
/// <param name="values">The nodes' values, row by row.</param>
/// <param name="finiteCells">Whether cells with a value that is not finite are left out.</param>
internal sealed class MarchingSquares(double[] x, double[] y, ReadOnlyMemory<double> values, bool finiteCells)
{
    // For each edge that a line crosses, the edges that it goes on to: two at most, one at the end of an open line.
    private readonly SortedDictionary<int, (int First, int Second)> _next = [];
    private const int None = -1;

    /// <summary>The lines of a level, open ones first, each kind in the order of the edge that it begins with.</summary>
    public List<ContourLine> Trace(double level)
    {
        _next.Clear();
        for (int j = 0; j + 1 < y.Length; j++)
        {
            for (int i = 0; i + 1 < x.Length; i++)
                Cross(i, j, level);
        }
        List<ContourLine> lines = [];
        HashSet<int> seen = [];
        foreach ((int edge, (_, int second)) in _next)
        {
            if (second == None && !seen.Contains(edge))
                Follow(edge, closed: false);
        }
        foreach (int edge in _next.Keys)
        {
            if (!seen.Contains(edge))
                Follow(edge, closed: true);
        }
        return lines;

        void Follow(int start, bool closed)
        {
            List<PlanePoint> points = [];
            for (int edge = start, from = None; edge != None && seen.Add(edge);)
            {
                PlanePoint point = Place(edge, level);
                if (points.Count == 0 || point != points[^1])
                    points.Add(point);
                (int first, int second) = _next[edge];
                (edge, from) = (first == from ? second : first, edge);
            }
            if (closed && points.Count > 1 && points[^1] == points[0])
                points.RemoveAt(points.Count - 1);
            if (points.Count > (closed ? 2 : 1)) // a value that one node alone takes has no line
                lines.Add(new(points, closed));
        }
    }

    private double At(int i, int j) => values.Span[j * x.Length + i];

    // Edge 2·k leads from node k to the right, edge 2·k + 1 from node k up.
    private void Cross(int i, int j, double level)
    {
        double a = At(i, j), b = At(i + 1, j), c = At(i + 1, j + 1), d = At(i, j + 1);
        if (finiteCells && !(double.IsFinite(a) && double.IsFinite(b) && double.IsFinite(c) && double.IsFinite(d)))
            return;
        int node = j * x.Length + i;
        int below = 2 * node, right = 2 * (node + 1) + 1, above = 2 * (node + x.Length), left = 2 * node + 1;
        switch ((a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0))
        {
            case 1 or 14:
                Join(left, below);
                break;
            case 2 or 13:
                Join(below, right);
                break;
            case 4 or 11:
                Join(right, above);
                break;
            case 8 or 7:
                Join(above, left);
                break;
            case 3 or 12:
                Join(left, right);
                break;
            case 6 or 9:
                Join(below, above);
                break;
            case 5: // a and c inside
                Saddle(Middle(a, b, c, d) >= level);
                break;
            case 10: // b and d inside
                Saddle(!(Middle(a, b, c, d) >= level));
                break;
        }

        // Either b and d are cut off, or a and c.
        void Saddle(bool cutsOffRightAndLeft)
        {
            Join(below, cutsOffRightAndLeft ? right : left);
            Join(above, cutsOffRightAndLeft ? left : right);
        }
    }

    private static double Middle(double a, double b, double c, double d) => a / 4 + b / 4 + c / 4 + d / 4;

    private void Join(int one, int other)
    {
        Add(one, other);
        Add(other, one);

        void Add(int edge, int to) => _next[edge] = _next.TryGetValue(edge, out (int First, int Second) known) ? (known.First, to) : (to, None);
    }

    // Where a line crosses an edge; beside a node that is not finite, at the other node.
    private PlanePoint Place(int edge, double level)
    {
        int node = edge / 2, i = node % x.Length, j = node / x.Length, i1 = i + 1 - edge % 2, j1 = j + edge % 2;
        double from = At(i, j), to = At(i1, j1);
        double share = double.IsFinite(from) ? (double.IsFinite(to) ? Share(from, to, level) : 0) : 1;
        return new(x[i] * (1 - share) + x[i1] * share, y[j] * (1 - share) + y[j1] * share);
    }

    // Halves, because the difference of two finite numbers may overflow.
    private static double Share(double from, double to, double level) =>
        double.IsFinite(to - from) ? Math.Clamp((level - from) / (to - from), 0, 1) : Math.Clamp((level / 2 - from / 2) / (to / 2 - from / 2), 0, 1);
}
