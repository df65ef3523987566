using System.Globalization;
using System.Text;

namespace FastGrad.Analysis.Landscapes;

/// <summary>A function along a line: one value for each place. What is not finite is kept as it is.</summary>
public sealed class LossLine
{
    private readonly double[] _values;

    internal LossLine(GridAxis axis, double[] values) => (X, _values) = (axis, values);

    /// <summary>The places.</summary>
    public GridAxis X { get; }

    /// <summary>The values, in the places' order.</summary>
    public ReadOnlyMemory<double> Values => _values;

    /// <summary>The value at place <paramref name="i"/>.</summary>
    public double this[int i] => _values[i];

    /// <summary>The least finite value's place and value; NaN for both where no value is finite.</summary>
    public (double X, double Value) Lowest
    {
        get
        {
            (double X, double Value) lowest = (double.NaN, double.NaN);
            for (int i = 0; i < _values.Length; i++)
            {
                if (double.IsFinite(_values[i]) && !(_values[i] >= lowest.Value))
                    lowest = (X[i], _values[i]);
            }
            return lowest;
        }
    }

    /// <summary>A table with the header <c>x,loss</c>, numbers to the last digit, a line feed after each line.</summary>
    public string ToCsv()
    {
        var csv = new StringBuilder("x,loss\n");
        for (int i = 0; i < _values.Length; i++)
            csv.Append(CultureInfo.InvariantCulture, $"{X[i]:R},{_values[i]:R}\n");
        return csv.ToString();
    }
}
