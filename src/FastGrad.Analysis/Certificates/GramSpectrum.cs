using FastGrad.Analysis.Intervals;
using FastGrad.Kernels.LinearAlgebra;

namespace FastGrad.Analysis.Certificates;

/// <summary>Bounds of the eigenvalues of XᵀX that hold whatever rounding did.</summary>
/// <remarks>
/// The eigenvalues of floating point are only a guess. That s·I − XᵀX is positive semidefinite for an s a little above the greatest, and
/// XᵀX − s·I for one a little below the least, is proven by elimination in outward-rounded intervals. Where a matrix is too wide for that,
/// or the proof does not succeed, Gershgorin's discs bound from above, and 0 from below.
/// </remarks>
internal static class GramSpectrum
{
    private const int Widest = 160;

    /// <summary>The bounds.</summary>
    /// <param name="x">X, row by row.</param>
    /// <param name="rows">Rows of X.</param>
    /// <param name="columns">Columns of X.</param>
    public static Interval Of(ReadOnlySpan<double> x, int rows, int columns)
    {
        Interval[] gram = Gram(x, rows, columns);
        double discs = 0;
        for (int i = 0; i < columns; i++)
        {
            Interval sum = 0;
            for (int j = 0; j < columns; j++)
                sum += gram[i * columns + j].Abs();
            discs = Math.Max(discs, sum.High);
        }
        if (columns > Widest || !double.IsFinite(discs))
            return new(0, discs);
        double[] middle = [.. gram.Select(g => g.Low / 2 + g.High / 2)], values = new double[columns];
        if (!SymmetricEigen.Decompose<double>(columns, middle, values))
            return new(0, discs);
        double high = discs, low = 0;
        for (double margin = 1e-13; margin < 1e-3; margin *= 10)
        {
            double bound = values[^1] * (1 + margin);
            if (IsBelow(gram, columns, bound))
            {
                high = Math.Min(discs, bound);
                break;
            }
        }
        for (double margin = 1e-13; margin < 1e-3; margin *= 10)
        {
            double bound = values[0] - margin * values[^1];
            if (bound > 0 && IsAbove(gram, columns, bound))
            {
                low = bound;
                break;
            }
        }
        return new(low, high);
    }

    private static Interval[] Gram(ReadOnlySpan<double> x, int rows, int columns)
    {
        var gram = new Interval[columns * columns];
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<double> row = x.Slice(r * columns, columns);
            for (int i = 0; i < columns; i++)
                for (int j = 0; j <= i; j++)
                    gram[i * columns + j] += i == j ? Interval.Point(row[i]).Square() : Interval.Point(row[i]) * row[j];
        }
        for (int i = 0; i < columns; i++)
            for (int j = i + 1; j < columns; j++)
                gram[i * columns + j] = gram[j * columns + i];
        return gram;
    }

    private static bool IsBelow(Interval[] gram, int n, double bound) =>
        IntervalMatrix.IsPositiveSemidefinite([.. gram.Select((g, at) => at % (n + 1) == 0 ? bound - g : -g)], n);

    private static bool IsAbove(Interval[] gram, int n, double bound) =>
        IntervalMatrix.IsPositiveSemidefinite([.. gram.Select((g, at) => at % (n + 1) == 0 ? g - bound : g)], n);
}
