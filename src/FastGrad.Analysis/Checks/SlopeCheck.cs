using FastGrad.Analysis.Catalogue;
using FastGrad.Analysis.Reference;
using FastGrad.Autograd;

namespace FastGrad.Analysis.Checks;

/// <summary>Derivatives of elementwise operators to the last digits: against differences of the reference, taken in 31 digits.</summary>
/// <remarks>In 31 digits a difference quotient leaves about 20 of them, so that even a constant that is off in its tenth digit shows.</remarks>
internal static class SlopeCheck
{
    /// <summary>The bound, in units of 2⁻⁵² of max(|f′|, 0.1): no relative bound holds at a zero crossing.</summary>
    public const double Bound = 16;

    private const int Points = 128;
    private const double Floor = 0.1;

    /// <summary>The worst error over points of the row's intervals, away from kinks.</summary>
    public static double Run(OperatorRow row, ulong seed)
    {
        IReadOnlyList<Argument> arguments = row.Cases[0];
        Tensor<double>[] x = [.. arguments.Select((a, i) => OperatorCheck.Leaf(Samples.Uniform([Points], a.Low, a.High, seed, (7UL << 32) + (ulong)i)))];
        row.Double(x).Sum().Backward();
        double worst = 0;
        for (int k = 0; k < Points; k++)
        {
            double[] point = [.. x.Select(t => t[k])];
            if (row.KinkDistance is { } distance && distance([.. point.Select(Tensor.Scalar)]) < 0.05)
                continue;
            for (int i = 0; i < x.Length; i++)
            {
                double exact = Slope(row.Reference!, point, i).High;
                worst = DerivativeReport.Worse(worst, Math.Abs(x[i].Grad![k] - exact) / Math.Max(Math.Abs(exact), Floor) * 4503599627370496); // 2⁵²
            }
        }
        return worst;
    }

    // Central slopes over h, h/2 and h/4, extrapolated as in NumericDerivative: the error is of order (2⁻¹⁰)⁶.
    private static Precise Slope(Func<Precise[], Precise> f, double[] point, int argument)
    {
        double h = Math.ScaleB(1, -10) * Math.Min(1, Math.Max(0.25, Math.Abs(point[argument])));
        Precise coarse = Over(h), middle = Over(h / 2), fine = Over(h / 4);
        Precise first = (middle * 4 - coarse) / 3, second = (fine * 4 - middle) / 3;
        return (second * 16 - first) / 15;

        Precise Over(double step) => (At(step) - At(-step)) / (2 * step);

        Precise At(double shift)
        {
            Precise[] moved = [.. point.Select(value => (Precise)value)];
            moved[argument] += shift;
            return f(moved);
        }
    }
}
