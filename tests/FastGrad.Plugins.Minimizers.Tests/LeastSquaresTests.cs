using FastGrad.Optimization.Minimization;
using Xunit;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>Standard errors against closed forms; what cannot be known is said.</summary>
public sealed class LeastSquaresTests
{
    private static readonly double[] s_x = [1, 2, 3, 4, 6], s_y = [2.1, 3.9, 6.2, 7.8, 12.3];

    /// <summary>A straight line: s²/Σ(x − x̄)² for the slope, s²(1/m + x̄²/Σ(x − x̄)²) for the offset, −s²x̄/Σ(x − x̄)² for both.</summary>
    [Fact]
    public void A_line_has_its_closed_form()
    {
        LeastSquaresFit fit = NonlinearLeastSquares.Fit(Line(1), [0, 0]);
        double mean = s_x.Average(), spread = s_x.Sum(x => (x - mean) * (x - mean));
        double slope = s_x.Zip(s_y, (x, y) => (x - mean) * y).Sum() / spread, offset = s_y.Average() - slope * mean;
        double variance = s_x.Zip(s_y, (x, y) => (y - offset - slope * x) * (y - offset - slope * x)).Sum() / 3;
        Assert.Equal((CovarianceStatus.Known, 3), (fit.Status, fit.DegreesOfFreedom));
        Assert.Equal(slope, fit.Estimates[0], 1e-12);
        Assert.Equal(offset, fit.Estimates[1], 1e-12);
        Assert.Equal(Math.Sqrt(variance), fit.ResidualDeviation, 1e-12);
        Assert.Equal(Math.Sqrt(variance / spread), fit.StandardErrors[0], 1e-12);
        Assert.Equal(Math.Sqrt(variance * (0.2 + mean * mean / spread)), fit.StandardErrors[1], 1e-12);
        Assert.Equal(-variance * mean / spread, fit.Covariance[1], 1e-12);
        Assert.Equal(fit.Covariance[1], fit.Covariance[2], 1e-15);
        Assert.InRange(fit.Orthogonality, 0, 1e-10);
    }

    /// <summary>Units of 1e-100 change no digit but the exponent.</summary>
    [Fact]
    public void Units_do_not_matter()
    {
        LeastSquaresFit fit = NonlinearLeastSquares.Fit(Line(1), [0, 0]), small = NonlinearLeastSquares.Fit(Line(1e100), [0, 0]);
        Assert.Equal(fit.StandardErrors[0], small.StandardErrors[0] * 1e100, 1e-10);
        Assert.Equal(fit.StandardErrors[1], small.StandardErrors[1], 1e-10);
    }

    [Fact]
    public void Parameters_that_cannot_be_told_apart_are_named()
    {
        // a + b·x + c·(1 + 2x): c is a and b again. d has no effect.
        LeastSquaresFit fit = NonlinearLeastSquares.Fit(Linear(x => [1, x, 1 + 2 * x]), new double[3]);
        Assert.Equal(CovarianceStatus.RankDeficient, fit.Status);
        Assert.Equal([0, 1, 2], fit.Confounded);
        Assert.Empty(fit.StandardErrors);
        Assert.Equal([1], NonlinearLeastSquares.Fit(Linear(x => [1, 0]), new double[2]).Confounded);
        Assert.Equal([0, 2], NonlinearLeastSquares.Fit(Linear(x => [x, 1, 3 * x]), new double[3]).Confounded);
        // Five powers for five points: an exact fit, whose errors nobody knows.
        LeastSquaresFit exact = NonlinearLeastSquares.Fit(Linear(x => [1, x, x * x, x * x * x, x * x * x * x]), new double[5]);
        Assert.Equal((CovarianceStatus.NoDegreesOfFreedom, 0), (exact.Status, exact.DegreesOfFreedom));
        // Near is not equal: a column that differs by 1e-6 has its errors, large ones.
        Assert.Equal(CovarianceStatus.Known, NonlinearLeastSquares.Fit(Linear(x => [x, x + 1e-6 * x * x]), new double[2]).Status);
    }

    [Fact]
    public void A_parameter_at_its_bound_is_not_estimated()
    {
        MinimizationProblem problem = Line(1) with { Lower = new double[] { double.NegativeInfinity, 1 } }; // free, the offset would be near 0
        LeastSquaresFit fit = NonlinearLeastSquares.Fit(problem, [0, 2]);
        double slope = s_x.Zip(s_y, (x, y) => x * (y - 1)).Sum() / s_x.Sum(x => x * x);
        double variance = s_x.Zip(s_y, (x, y) => (y - 1 - slope * x) * (y - 1 - slope * x)).Sum() / 4;
        Assert.Equal([1], fit.Held);
        Assert.Equal(slope, fit.Estimates[0], 1e-10);
        Assert.Equal(Math.Sqrt(variance / s_x.Sum(x => x * x)), fit.StandardErrors[0], 1e-10);
        Assert.Equal(0, fit.StandardErrors[1]);
        Assert.Contains("LeastSquares", Assert.Throws<ArgumentException>(() => NonlinearLeastSquares.Fit(MinimizationProblem.Of(1, x => x[0]), [1])).Message);
    }

    private static MinimizationProblem Line(double unit) => Linear(x => [x * unit, 1]);

    // Σ cⱼ·columnⱼ(x) − y.
    private static MinimizationProblem Linear(Func<double, double[]> columns)
    {
        double[][] rows = [.. s_x.Select(columns)];
        return MinimizationProblem.LeastSquares(rows[0].Length, rows.Length, (c, r) =>
        {
            for (int i = 0; i < r.Length; i++)
                r[i] = Vectors.Dot(rows[i], c) - s_y[i];
        }, (_, j) =>
        {
            for (int i = 0; i < rows.Length; i++)
                rows[i].CopyTo(j[(i * rows[i].Length)..]);
        });
    }
}
