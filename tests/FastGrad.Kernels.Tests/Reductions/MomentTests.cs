using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Tests.Elementwise;
using FastGrad.Kernels.Workers;
using Xunit;

namespace FastGrad.Kernels.Tests.Reductions;

/// <summary>Variance, norms, products, running and ordered reductions against exact or wider arithmetic; teams against one thread.</summary>
public sealed class MomentTests
{
    /// <summary>The stated bound, with means up to ten thousand deviations from 0: where the text-book form has no digit left.</summary>
    [Theory]
    [InlineData(1000, 0)]
    [InlineData(1000, 100)]
    [InlineData(70_001, 1000)]
    [InlineData(300_000, 10_000)]
    public void Variance_keeps_the_documented_bound(int n, double mean)
    {
        float[] x = Array.ConvertAll(Samples.Doubles(n, 5, -1, 2), v => (float)(v + mean));
        double exactMean = (double)(x.Sum(v => (decimal)v) / n), squares = x.Sum(v => ((double)v - exactMean) * ((double)v - exactMean));
        double u = Math.Pow(2, -24), k = 39 + Math.Ceiling(Math.Log2(Math.Max(1, Math.Ceiling(n / 4096.0)))), kappa = Math.Sqrt(x.Sum(v => (double)v * v) / squares);
        double bound = (k + 5) * u + Math.Pow(kappa * (k + 1) * u, 2);
        Assert.InRange(Math.Abs(Variance.Of<float>(x) / (squares / (n - 1)) - 1), 0, bound);
        Assert.InRange(Math.Abs(Variance.Of<float>(x, 0) / (squares / n) - 1), 0, bound);
    }

    [Theory]
    [InlineData(3, 5, 1)]
    [InlineData(2, 300, 1)]
    [InlineData(1, 5, 7)]
    [InlineData(2, 40, 130)]
    [InlineData(2, 1, 3)]
    public void Variance_norm_and_product_along_an_axis(int outer, int axis, int inner)
    {
        double[] x = Samples.Doubles(outer * axis * inner, 7), y = new double[outer * inner], mean = new double[outer * inner];
        double[][] lines = [.. Enumerable.Range(0, outer * inner).Select(l => Enumerable.Range(0, axis).Select(a => x[(l / inner * axis + a) * inner + l % inner]).ToArray())];
        Variance.Along<double>(x, outer, axis, inner, 1, mean, y);
        Close(lines.Select(l => l.Average()), mean);
        Close(lines.Select(l => axis == 1 ? double.NaN : l.Sum(v => (v - l.Average()) * (v - l.Average())) / (axis - 1)), y);
        foreach (double p in (double[])[0.5, 1, 2, 3, 7.5, double.PositiveInfinity])
        {
            Norm.Along<double>(x, outer, axis, inner, p, y);
            Close(lines.Select(l => double.IsInfinity(p) ? l.Max(Math.Abs) : Math.Pow(l.Sum(v => Math.Pow(Math.Abs(v), p)), 1 / p)), y);
        }
        Product.Along<double>(x, outer, axis, inner, y, accumulate: false);
        Close(lines.Select(l => l.Aggregate(1.0, (a, b) => a * b)), y);
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(3e38f)]
    [InlineData(1e-30f)]
    [InlineData(1.4e-45f)]
    public void Norms_neither_overflow_nor_vanish(float size)
    {
        float[] x = [size, 0, -size / 2, size / 4];
        double expected = Math.Sqrt(x.Sum(v => (double)v * v));
        if (expected > float.MaxValue)
            expected = double.PositiveInfinity;
        Assert.Equal((float)expected, Norm.Of<float>(x), 4e-7f * Math.Min((float)expected, float.MaxValue));
        Assert.Equal((float)Math.Pow(x.Sum(v => Math.Pow(Math.Abs(v), 3)), 1.0 / 3), Norm.Of<float>(x, 3), 1e-6f * Norm.Of<float>(x, 3));
        double[] wide = [size * 1e290, size * 1e290];
        Assert.Equal(size * 1e290 * Math.Sqrt(2), Norm.Of<double>(wide), 1e-15 * Norm.Of<double>(wide));
    }

    [Fact]
    public void Norms_of_edges()
    {
        Assert.Equal(0, Norm.Of<float>([]));
        Assert.Equal(0, Norm.Of<float>([0, -0f], 3));
        Assert.Equal(float.PositiveInfinity, Norm.Of<float>([1, float.NegativeInfinity]));
        Assert.True(float.IsNaN(Norm.Of<float>([1, float.NaN])) && float.IsNaN(Norm.Of<float>([1, float.NaN], 2.5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Norm.Of<float>([1], 0));
        Assert.True(float.IsNaN(Variance.Of<float>([3])));
        Assert.Equal(0, Variance.Of<float>([3], 0));
        Assert.Equal(1, Product.Of<float>([]));
    }

    [Fact]
    public void Running_products_and_maxima()
    {
        float[] x = [2, 5, -1, 5, 0, float.NaN], y = new float[6];
        int[] at = new int[6];
        Cumulative.Product<float>(x.AsSpan(0, 5), 1, 5, 1, y.AsSpan(0, 5));
        Assert.Equal([2, 10, -10, -50, -0f], y[..5]);
        Cumulative.MaximumIndices<float>(x, 1, 6, 1, at);
        Assert.Equal([0, 1, 1, 3, 3, 5], at); // the last of equals
        Cumulative.Product<float>(x.AsSpan(0, 4), 1, 2, 2, y.AsSpan(0, 4));
        Assert.Equal([2, 5, -2, 25], y[..4]);
    }

    [Fact]
    public void Order_is_stable_and_NaN_is_greatest()
    {
        float[] x = [3, 1, float.NaN, 1, float.NegativeInfinity, 3];
        int[] at = new int[6];
        Ordering.Indices<float>(x, 1, 6, 1, 6, descending: false, at);
        Assert.Equal([4, 1, 3, 0, 5, 2], at);
        Ordering.Indices<float>(x, 1, 6, 1, 6, descending: true, at);
        Assert.Equal([2, 0, 5, 1, 3, 4], at);
        Ordering.Indices<float>(x, 1, 3, 2, 2, descending: false, at.AsSpan(0, 4));
        Assert.Equal([2, 0, 0, 1], at[..4]); // columns (3, NaN, −∞) and (1, 1, 3)
    }

    [Theory]
    [InlineData(TeamSize)]
    [InlineData(TeamSize + 4096 * 3 + 129)]
    [InlineData(1_000_003)]
    public void Teams_reduce_to_the_same_bits(int n)
    {
        using var team = new WorkerTeam(3);
        float[] x = Samples.Floats(n, 1), y = Samples.Floats(n, 2);
        Assert.Equal(Sum.Of<float>(x), Sum.Of<float>(x, team));
        Assert.Equal(Dot.Of<float>(x, y), Dot.Of<float>(x, y, team));
        Assert.Equal(Norm.Of<float>(x), Norm.Of<float>(x, team));
        Assert.Equal(Variance.Of<float>(x), Variance.Of<float>(x, 1, team));
        Assert.Equal(Max.Of<float>(x), Max.Of<float>(x, team));
        double[] wide = Samples.Doubles(n, 3);
        Assert.Equal(Sum.Of<double>(wide), Sum.Of<double>(wide, team));
    }

    private const int TeamSize = 1 << 18;

    private static void Close(IEnumerable<double> expected, double[] actual)
    {
        foreach ((double e, double a) in expected.Zip(actual))
            Assert.True(double.IsNaN(e) ? double.IsNaN(a) : Math.Abs(e - a) <= 1e-12 * (1 + Math.Abs(e)), $"expected {e}, got {a}");
    }
}
