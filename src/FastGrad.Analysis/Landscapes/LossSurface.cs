using System.Globalization;
using System.Text;

namespace FastGrad.Analysis.Landscapes;

/// <summary>A function on a plane: one value for each node of a grid. What is not finite is kept as it is.</summary>
public sealed class LossSurface
{
    private readonly double[] _values;

    internal LossSurface(GridAxis x, GridAxis y, double[] values) => (X, Y, _values) = (x, y, values);

    /// <summary>The places from left to right.</summary>
    public GridAxis X { get; }

    /// <summary>The places from below to above.</summary>
    public GridAxis Y { get; }

    /// <summary>The values, row by row from below: node (i, j) is element j·nₓ + i.</summary>
    public ReadOnlyMemory<double> Values => _values;

    /// <summary>The value at place <paramref name="i"/> of x and <paramref name="j"/> of y.</summary>
    public double this[int i, int j] => _values[j * X.Count + i];

    /// <summary>The least finite value's node and value; NaN for all where no value is finite.</summary>
    public (double X, double Y, double Value) Lowest
    {
        get
        {
            (double X, double Y, double Value) lowest = (double.NaN, double.NaN, double.NaN);
            for (int k = 0; k < _values.Length; k++)
            {
                if (double.IsFinite(_values[k]) && !(_values[k] >= lowest.Value))
                    lowest = (X[k % X.Count], Y[k / X.Count], _values[k]);
            }
            return lowest;
        }
    }

    /// <summary>The value anywhere on the plane, bilinear between the four nodes around.</summary>
    /// <returns>NaN outside the grid, and beside a node whose value is not finite.</returns>
    public double At(double x, double y)
    {
        if (!(x >= X.From && x <= X.To && y >= Y.From && y <= Y.To))
            return double.NaN;
        double u = (x - X.From) / (X.To - X.From) * (X.Count - 1), v = (y - Y.From) / (Y.To - Y.From) * (Y.Count - 1);
        int i = Math.Min((int)u, X.Count - 2), j = Math.Min((int)v, Y.Count - 2);
        double right = u - i, up = v - j;
        double below = Between(this[i, j], this[i + 1, j], right), above = Between(this[i, j + 1], this[i + 1, j + 1], right);
        return double.IsFinite(below) && double.IsFinite(above) ? Between(below, above, up) : double.NaN;
    }

    /// <summary>A table with the header <c>x,y,loss</c>, row by row from below, numbers to the last digit, a line feed after each line.</summary>
    public string ToCsv()
    {
        var csv = new StringBuilder("x,y,loss\n");
        for (int j = 0; j < Y.Count; j++)
        {
            for (int i = 0; i < X.Count; i++)
                csv.Append(CultureInfo.InvariantCulture, $"{X[i]:R},{Y[j]:R},{this[i, j]:R}\n");
        }
        return csv.ToString();
    }

    /// <summary>The finite values, ascending.</summary>
    internal double[] Sorted()
    {
        double[] finite = [.. _values.Where(double.IsFinite)];
        Array.Sort(finite);
        return finite;
    }

    private static double Between(double a, double b, double share) => a * (1 - share) + b * share;
}
