using System.Numerics;
using FastGrad.Kernels.Philox;
using FastGrad.Kernels.Pooling;
using FastGrad.Kernels.Tests.Guarded;
using FastGrad.Kernels.Workers;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Kernels.Tests.Pooling;

/// <summary>Pooling against loops over the padded plane, written here.</summary>
public sealed class PoolTests : IDisposable
{
    private readonly WorkerTeam _two = new(2);

    public void Dispose() => _two.Dispose();

    /// <summary>One axis as its parameters say, independent of <see cref="PoolAxis"/>.</summary>
    private sealed record Axis(int Input, int Kernel, int Stride, int Padding, int Dilation, bool Ceiling, int Adaptive)
    {
        public PoolAxis Windows => Adaptive > 0 ? PoolAxis.Adaptive(Input, Adaptive) : PoolAxis.Sliding(Input, Kernel, Stride, Padding, Dilation, Ceiling);

        /// <summary>The positions of each window that lie within the padding, those outside the input included.</summary>
        public List<int[]> Positions()
        {
            List<int[]> windows = [];
            if (Adaptive > 0)
            {
                for (int i = 0; i < Adaptive; i++)
                {
                    int first = (int)Math.Floor(i * (double)Input / Adaptive), end = (int)Math.Ceiling((i + 1) * (double)Input / Adaptive);
                    windows.Add([.. Enumerable.Range(first, end - first)]);
                }
                return windows;
            }
            for (int start = -Padding; ; start += Stride)
            {
                int last = start + (Kernel - 1) * Dilation;
                bool fits = last < Input + Padding, overlaps = Ceiling && start < Input && last - Stride < Input + Padding - 1;
                if (!fits && !overlaps)
                    return windows;
                windows.Add([.. Enumerable.Range(0, Kernel).Select(j => start + j * Dilation).Where(at => at < Input + Padding)]);
            }
        }

        public static Axis Random(Random random, bool dilated)
        {
            while (true)
            {
                int kernel = random.Next(1, 5);
                Axis axis = new(random.Next(1, 14), kernel, random.Next(1, 4), random.Next(0, kernel / 2 + 1), dilated ? random.Next(1, 3) : 1, random.Next(2) == 0, random.Next(4) == 0 ? random.Next(1, 9) : 0);
                if (axis.Adaptive > 0)
                    return axis with { Dilation = 1 };
                if (axis.Input + 2 * axis.Padding < (kernel - 1) * axis.Dilation + 1)
                    continue;
                if (axis.Positions().TrueForAll(w => w.Any(at => at >= 0 && at < axis.Input)))
                    return axis;
            }
        }
    }

    [Property(MaxTest = 150)]
    public void Maxima_are_the_first_of_their_windows(PositiveInt seed)
    {
        var random = new Random(seed.Get * 7919);
        Axis rows = random.Next(4) == 0 ? new(1, 1, 1, 0, 1, false, 0) : Axis.Random(random, dilated: true), columns = Axis.Random(random, dilated: true);
        if (random.Next(4) == 0)
            (rows, columns) = (new(random.Next(2, 9), 2, 2, 0, 1, false, 0), new(random.Next(2, 40), 2, 2, 0, 1, false, 0));
        int planes = random.Next(0, 4), input = rows.Input * columns.Input;
        // Few different values, so that ties are frequent; sometimes NaN.
        float[] x = [.. Enumerable.Range(0, planes * input).Select(_ => random.Next(20) == 0 ? float.NaN : random.Next(-3, 3))];
        float[] dy = [.. Enumerable.Range(0, planes * rows.Windows.Output * columns.Windows.Output).Select(_ => (float)random.Next(-8, 8))];
        float[] tangent = [.. x.Select(_ => random.NextSingle())];
        List<int> expected = [];
        for (int plane = 0; plane < planes; plane++)
            foreach (int[] h in rows.Positions())
                foreach (int[] v in columns.Positions())
                {
                    int best = -1;
                    foreach (int i in h.Where(i => i >= 0 && i < rows.Input))
                        foreach (int j in v.Where(j => j >= 0 && j < columns.Input))
                        {
                            int at = i * columns.Input + j;
                            float value = x[plane * input + at], most = best < 0 ? 0 : x[plane * input + best];
                            if (best < 0 || value > most || (float.IsNaN(value) && !float.IsNaN(most)))
                                best = at;
                        }
                    expected.Add(best);
                }
        Assert.Equal(expected.Count, dy.Length);

        int each = Math.Max(1, dy.Length / Math.Max(1, planes));
        using GuardedMemory<float> source = new(x), y = new(dy.Length), other = new(dy.Length), picked = new(dy.Length), moved = new(tangent);
        using GuardedMemory<float> from = new(dy), dx = new(x.Length), again = new(x.Length);
        int[] indices = new int[dy.Length];
        MaxPool.Forward<float>(planes, rows.Windows, columns.Windows, source.Span, y.Span, indices, _two);
        MaxPool.Forward<float>(planes, rows.Windows, columns.Windows, source.Span, other.Span);
        MaxPool.Pick<float>(planes, rows.Windows, columns.Windows, source.Span, moved.Span, picked.Span);
        Assert.Equal(expected, indices);
        float[] gradient = new float[x.Length];
        for (int i = 0; i < dy.Length; i++)
        {
            int at = i / each * input + expected[i];
            Assert.Equal(x[at], y.Span[i]);
            Assert.Equal(x[at], other.Span[i]);
            Assert.Equal(tangent[at], picked.Span[i]);
            gradient[at] += dy[i];
        }
        MaxPool.Backward<float>(planes, rows.Windows, columns.Windows, from.Span, indices, dx.Span);
        MaxPool.Place<float>(planes, rows.Windows, columns.Windows, source.Span, from.Span, again.Span, workers: _two);
        Assert.Equal(gradient, dx.Span.ToArray());
        Assert.Equal(gradient, again.Span.ToArray());
        MaxPool.Backward<float>(planes, rows.Windows, columns.Windows, from.Span, indices, dx.Span, accumulate: true);
        MaxPool.Place<float>(planes, rows.Windows, columns.Windows, source.Span, from.Span, again.Span, accumulate: true);
        float[] twice = [.. gradient.Select(g => 2 * g)];
        Assert.Equal(twice, dx.Span.ToArray()); // small integers: exact
        Assert.Equal(twice, again.Span.ToArray());
    }

    [Property(MaxTest = 150)]
    public void Means_divide_by_their_counts(PositiveInt seed, bool includePadding)
    {
        var random = new Random(seed.Get * 104729);
        Axis rows = random.Next(4) == 0 ? new(1, 1, 1, 0, 1, false, 0) : Axis.Random(random, dilated: false), columns = Axis.Random(random, dilated: false);
        int planes = random.Next(0, 4), input = rows.Input * columns.Input;
        double[] x = [.. Enumerable.Range(0, planes * input).Select(_ => (double)random.Next(-9, 9))];
        List<double> expected = [];
        double[] gradient = new double[x.Length];
        double[] dy = [.. Enumerable.Range(0, planes * rows.Windows.Output * columns.Windows.Output).Select(_ => random.NextDouble())];
        for (int plane = 0; plane < planes; plane++)
            foreach (int[] h in rows.Positions())
                foreach (int[] v in columns.Positions())
                {
                    int[] inside = [.. from i in h where i >= 0 && i < rows.Input from j in v where j >= 0 && j < columns.Input select plane * input + i * columns.Input + j];
                    double divisor = includePadding ? h.Length * v.Length : inside.Length;
                    foreach (int at in inside)
                        gradient[at] += dy[expected.Count] / divisor;
                    expected.Add(inside.Sum(at => x[at]) / divisor);
                }
        using GuardedMemory<double> source = new(x), y = new(dy.Length), from = new(dy), dx = new(x.Length);
        AvgPool.Forward<double>(planes, rows.Windows, columns.Windows, includePadding, source.Span, y.Span, workers: _two);
        Assert.Equal(expected, y.Span.ToArray()); // sums of integers: exact
        AvgPool.Backward<double>(planes, rows.Windows, columns.Windows, includePadding, from.Span, dx.Span, workers: _two);
        Assert.Equal(gradient, dx.Span.ToArray());
        AvgPool.Forward<double>(planes, rows.Windows, columns.Windows, includePadding, source.Span, y.Span, accumulate: true);
        Assert.Equal(expected.Select(v => v + v), y.Span.ToArray());
        AvgPool.Backward<double>(planes, rows.Windows, columns.Windows, includePadding, from.Span, dx.Span, accumulate: true);
        for (int i = 0; i < gradient.Length; i++)
            Assert.Equal(2 * gradient[i], dx.Span[i], 1e-12);
    }

    /// <summary>Global pooling is the mean in the order of sums, so its error is that of a tree: far below a chain's for planes of 200 × 200.</summary>
    [Fact]
    public void A_window_that_is_the_whole_plane_is_summed_in_the_order_of_reductions()
    {
        const int height = 200, width = 203;
        float[] x = new float[2 * height * width], y = [7, 7];
        new PhiloxStream(3, 1).FillUniform(x.AsSpan(), 1f, 2f);
        AvgPool.Forward<float>(2, PoolAxis.Adaptive(height, 1), PoolAxis.Adaptive(width, 1), false, x, y, workers: _two);
        for (int plane = 0; plane < 2; plane++)
        {
            ReadOnlySpan<float> elements = x.AsSpan(plane * height * width, height * width);
            Assert.Equal(FastGrad.Kernels.Reductions.Sum.Of(elements) / (height * width), y[plane]);
            Assert.Equal(elements.ToArray().Average(v => (double)v), y[plane], 1e-6);
        }
    }

    [Fact]
    public void Bad_windows_are_refused()
    {
        Assert.Throws<ArgumentException>("kernel", () => PoolAxis.Sliding(4, 5));
        Assert.Throws<ArgumentException>("kernel", () => PoolAxis.Sliding(4, 3, padding: 2));
        Assert.Throws<ArgumentException>("kernel", () => PoolAxis.Sliding(4, 0));
        Assert.Throws<ArgumentException>("padding", () => PoolAxis.Sliding(1, 2, 1, 3, 5)); // −3 and 2 around one position
        Assert.Throws<ArgumentException>("output", () => PoolAxis.Adaptive(4, 0));
        PoolAxis two = PoolAxis.Sliding(4, 2);
        Assert.Throws<ArgumentException>("x", () => MaxPool.Forward<float>(1, two, two, new float[15], new float[4]));
        Assert.Throws<ArgumentException>("y", () => AvgPool.Forward<float>(1, two, two, false, new float[16], new float[3]));
        Assert.Throws<ArgumentException>("indices", () => MaxPool.Forward<float>(1, two, two, new float[16], new float[4], new int[3]));
        Assert.Throws<ArgumentOutOfRangeException>("indices", () => MaxPool.Backward<float>(1, two, two, new float[4], [0, 1, 2, 16], new float[16]));
    }
}
