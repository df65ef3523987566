namespace FastGrad.Analysis.Landscapes;

/// <summary>The lines on which a surface has one value, by marching squares.</summary>
/// <remarks>
/// <para>
/// A node is inside if its value is at least the level. A line crosses an edge between a node inside and one outside at the place that linear interpolation
/// gives: the error of a smooth surface's lines falls with the square of the spacing. A cell whose corners alternate is a saddle: the mean of the four
/// corners decides whether those inside are connected through its middle. Cells with a corner that is not finite have no line.
/// </para>
/// <para>Pieces are joined by the edges that they share, never by comparing numbers, and come in a fixed order.</para>
/// </remarks>
public sealed class Contour
{
    private Contour(double level, IReadOnlyList<ContourLine> lines) => (Level, Lines) = (level, lines);

    /// <summary>The value.</summary>
    public double Level { get; }

    /// <summary>The connected pieces; empty where the surface does not take the value.</summary>
    public IReadOnlyList<ContourLine> Lines { get; }

    /// <summary>The lines at a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The level is not finite.</exception>
    public static Contour Of(LossSurface surface, double level)
    {
        ArgumentNullException.ThrowIfNull(surface);
        CheckLevel(level);
        return new(level, new MarchingSquares(surface.X.Places(), surface.Y.Places(), surface.Values, finiteCells: true).Trace(level));
    }

    /// <summary>The outlines of where a surface is at least a value: closed lines, which together bound that part by the even-odd rule. For pictures that are filled.</summary>
    /// <remarks>Lines run along the grid's border where the part reaches it. +∞ belongs to the part, NaN does not.</remarks>
    /// <param name="surface">The surface.</param>
    /// <param name="level">The value; −∞ for all that is a number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The level is NaN or +∞.</exception>
    public static Contour Above(LossSurface surface, double level)
    {
        ArgumentNullException.ThrowIfNull(surface);
        if (!double.IsNegativeInfinity(level))
            CheckLevel(level);
        // A border of NaN without width: every line then comes back to where it began.
        int width = surface.X.Count + 2, height = surface.Y.Count + 2;
        double[] values = new double[width * height];
        Array.Fill(values, double.NaN);
        for (int j = 0; j < surface.Y.Count; j++)
            surface.Values.Span.Slice(j * surface.X.Count, surface.X.Count).CopyTo(values.AsSpan((j + 1) * width + 1));
        return new(level, new MarchingSquares(Bordered(surface.X), Bordered(surface.Y), values, finiteCells: false).Trace(level));
    }

    private static double[] Bordered(GridAxis axis) => [axis.From, .. axis.Places(), axis.To];

    private static void CheckLevel(double level)
    {
        if (!double.IsFinite(level))
            throw new ArgumentOutOfRangeException(nameof(level), level, "The level of a contour is a finite number.");
    }
}
