using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Tests.Elementwise;
using Xunit;

namespace FastGrad.Kernels.Tests.Reductions;

/// <summary>Reductions against exact sums, and against a plain spelling of the order that their documentation states.</summary>
public sealed class ReductionTests
{
    public static TheoryData<int> Lengths() => [.. Enumerable.Range(0, 67), 127, 128, 129, 255, 256, 257, 4095, 4096, 4097, 4096 + 128, 8191, 8192, 12289, 100_003];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sums_have_the_documented_order(int n)
    {
        float[] x = Samples.Floats(n, 1), y = Samples.Floats(n, 2);
        Assert.Equal(Ordered(n, i => x[i]), Sum.Of<float>(x));
        Assert.Equal(Ordered(n, i => x[i] * y[i]), Dot.Of<float>(x, y));
        Assert.Equal(Ordered(n, i => x[i] * x[i]), SumOfSquares.Of<float>(x));
        Assert.Equal(Ordered(n, i => Math.Abs(x[i])), SumOfAbs.Of<float>(x));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sums_keep_the_documented_bound(int n)
    {
        // Multiples of 2⁻²⁰ are summed exactly as integers.
        double[] integers = Array.ConvertAll(Samples.Doubles(n, 3, -1, 2), v => Math.Round(v * (1 << 20)));
        float[] x = Array.ConvertAll(integers, v => (float)(v / (1 << 20)));
        double exact = integers.Sum(v => (long)v) / (double)(1 << 20), absolute = integers.Sum(v => (long)Math.Abs(v)) / (double)(1 << 20);
        double bound = (39 + Math.Ceiling(Math.Log2(Math.Max(1, Math.Ceiling(n / 4096.0))))) * Math.Pow(2, -24) * absolute;
        Assert.InRange(Math.Abs(Sum.Of<float>(x) - exact), 0, bound);
    }

    [Fact]
    public void Sums_of_doubles_are_close_to_exact()
    {
        double[] x = Samples.Doubles(50_001, 5);
        decimal exact = x.Sum(v => (decimal)v);
        Assert.Equal((double)exact, Sum.Of<double>(x), 1e-10);
        Assert.Equal(Math.Sqrt(x.Sum(v => v * v)), Norm.Of<double>(x), 1e-9);
        Assert.Equal((double)exact / 50_001, Mean.Of<double>(x), 1e-14);
        Assert.Equal(x.Max(), Max.Of<double>(x));
        Assert.Equal(x.Min(), Min.Of<double>(x));
        Assert.Equal(x.Max(Math.Abs), MaxAbs.Of<double>(x));
    }

    [Fact]
    public void Empty_spans_have_stated_results()
    {
        Assert.Equal(0, Sum.Of<float>([]));
        Assert.Equal(0, Dot.Of<float>([], []));
        Assert.Equal(float.NegativeInfinity, Max.Of<float>([]));
        Assert.Equal(float.PositiveInfinity, Min.Of<float>([]));
        Assert.True(float.IsNaN(Mean.Of<float>([])));
        Assert.Throws<ArgumentException>(() => ArgMax.Of<float>([]));
        float[] y = [7, 7, 7];
        Sum.Along<float>([], 1, 0, 3, y, accumulate: false);
        Assert.Equal([0, 0, 0], y);
    }

    [Fact]
    public void Extrema_propagate_NaN_from_every_position()
    {
        for (int n = 1; n < 300; n += 7)
        {
            for (int at = 0; at < n; at += 3)
            {
                float[] x = Samples.Floats(n, 4);
                x[at] = float.NaN;
                Assert.True(float.IsNaN(Max.Of<float>(x)) && float.IsNaN(Min.Of<float>(x)) && float.IsNaN(MaxAbs.Of<float>(x)) && float.IsNaN(Sum.Of<float>(x)));
                Assert.Equal(at, ArgMax.Of<float>(x));
                Assert.Equal(at, ArgMin.Of<float>(x));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Extrema_are_found_first(int n)
    {
        if (n == 0)
            return;
        float[] x = Array.ConvertAll(Samples.Floats(n, 6), v => MathF.Round(v * 4)); // many ties
        Assert.Equal(x.Max(), Max.Of<float>(x));
        Assert.Equal(x.Min(), Min.Of<float>(x));
        Assert.Equal(Array.IndexOf(x, x.Max()), ArgMax.Of<float>(x));
        Assert.Equal(Array.IndexOf(x, x.Min()), ArgMin.Of<float>(x));
        float[] nan = (float[])x.Clone();
        nan[n - 1] = nan[n / 2] = float.NaN;
        Assert.Equal(n / 2, ArgMax.Of<float>(nan));
    }

    [Theory]
    [InlineData(3, 5, 1)]
    [InlineData(2, 300, 1)]
    [InlineData(1, 5, 7)]
    [InlineData(2, 31, 130)]
    [InlineData(2, 32, 16)]
    [InlineData(3, 33, 17)]
    [InlineData(1, 64, 300)]
    [InlineData(1, 1000, 3)]
    [InlineData(2, 1, 40)]
    [InlineData(0, 4, 4)]
    public void Axes_have_the_documented_order(int outer, int axis, int inner)
    {
        float[] x = Samples.Floats(outer * axis * inner, 7), w = Samples.Floats(outer * axis * inner, 8);
        float[] y = new float[outer * inner], dots = new float[outer * inner], twice = new float[outer * inner], max = new float[outer * inner];
        int[] index = new int[outer * inner];
        Sum.Along<float>(x, outer, axis, inner, y, accumulate: false);
        Sum.Along<float>(x, outer, axis, inner, twice, accumulate: true);
        Sum.Along<float>(x, outer, axis, inner, twice, accumulate: true);
        Dot.Along<float>(x, w, outer, axis, inner, dots, accumulate: false);
        ArgMax.Along<float>(x, outer, axis, inner, max, index);
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                float At(int a) => x[(o * axis + a) * inner + i];
                float Both(int a) => At(a) * w[(o * axis + a) * inner + i];
                float expected = inner == 1 ? Ordered(axis, At) : Tree(0, axis, At);
                Assert.Equal(expected, y[o * inner + i]);
                Assert.Equal(expected + expected, twice[o * inner + i]);
                Assert.Equal(inner == 1 ? Ordered(axis, Both) : Tree(0, axis, Both), dots[o * inner + i]);
                float[] column = [.. Enumerable.Range(0, axis).Select(At)];
                Assert.Equal(column.Max(), max[o * inner + i]);
                Assert.Equal(Array.IndexOf(column, column.Max()), index[o * inner + i]);
            }
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Sum.Along<float>(new float[5], 1, 2, 3, new float[3], accumulate: false));
        Assert.Throws<ArgumentException>(() => Sum.Along<float>(new float[6], 1, 2, 3, new float[2], accumulate: false));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sum.Along<float>(new float[6], -1, -2, 3, new float[3], accumulate: false));
        Assert.Throws<ArgumentException>(() => Dot.Of<float>(new float[6], new float[5]));
        float[] memory = new float[10];
        Assert.Throws<ArgumentException>(() => Sum.Along<float>(memory.AsSpan(0, 6), 1, 2, 3, memory.AsSpan(0, 3), accumulate: false));
    }

    /// <summary>The order of flat spans, spelled plainly: rows of 128, the short row last, then halves.</summary>
    private static float Ordered(int n, Func<int, float> term)
    {
        int rows = n / 128, rest = n % 128;
        var partial = new List<float>();
        for (int j = 0; j < Math.Min(n, 128); j++)
        {
            if (rows == 0)
                partial.Add(term(j));
            else
            {
                float column = Tree(0, rows, r => term(r * 128 + j));
                partial.Add(j < rest ? column + term(rows * 128 + j) : column);
            }
        }
        for (int half = 64; half >= 1; half /= 2)
            for (int j = 0; j + half < Math.Min(partial.Count, 2 * half); j++)
                partial[j] += partial[j + half];
        return n == 0 ? 0 : partial[0];
    }

    /// <summary>Rows [first, last): a chain within a block of 32; else the largest aligned power of two of blocks, and what is left.</summary>
    private static float Tree(int first, int last, Func<int, float> term)
    {
        int blocks = (last - first + 31) / 32;
        if (blocks <= 1)
        {
            float sum = first < last ? term(first) : 0;
            for (int r = first + 1; r < last; r++)
                sum += term(r);
            return sum;
        }
        int left = 1;
        while (left * 2 < blocks)
            left *= 2;
        return Tree(first, first + left * 32, term) + Tree(first + left * 32, last, term);
    }
}
