using FastGrad.Kernels.Indexing;
using FastGrad.Kernels.Tests.Guarded;
using FastGrad.Kernels.Workers;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Kernels.Tests.Indexing;

/// <summary>Gathers, scatters and running sums against loops over single elements; small integers, so that every sum is exact.</summary>
public sealed class IndexingTests
{
    [Property(MaxTest = 100)]
    public void Slices_by_index(byte a, byte b, byte c, byte d, int seed)
    {
        (int outer, int extent, int inner, int count) = (1 + a % 3, 1 + b % 9, c % 40, d % 20);
        int[] indices = Indices(count, extent, seed);
        using GuardedMemory<double> x = new(Integers(outer * extent * inner, seed)), y = new(outer * count * inner), back = new(Integers(outer * extent * inner, seed + 1));
        IndexSelect.Copy<double>(x.Span, indices, outer, extent, inner, y.Span);
        double[] sums = back.Span.ToArray();
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < count; i++)
            {
                for (int j = 0; j < inner; j++)
                {
                    Assert.Equal(x.Span[(o * extent + indices[i]) * inner + j], y.Span[(o * count + i) * inner + j]);
                    sums[(o * extent + indices[i]) * inner + j] += indices[i] == 2 ? 0 : y.Span[(o * count + i) * inner + j];
                }
            }
        }
        IndexSelect.Add<double>(y.Span, indices, outer, extent, inner, back.Span, ignored: 2);
        Assert.Equal(sums, back.Span.ToArray());
    }

    [Property(MaxTest = 100)]
    public void Elements_by_index(byte a, byte b, byte c, byte d, int seed)
    {
        (int outer, int extent, int inner, int count) = (1 + a % 3, 1 + b % 9, c % 7, d % 20);
        int[] index = Indices(outer * count * inner, extent, seed);
        using GuardedMemory<double> x = new(Integers(outer * extent * inner, seed)), y = new(outer * count * inner);
        using GuardedMemory<double> written = new(Integers(outer * extent * inner, seed + 1)), added = new(written.Span);
        Gather.Copy<double>(x.Span, index, outer, extent, count, inner, y.Span);
        double[] last = written.Span.ToArray(), sums = written.Span.ToArray(), values = Integers(y.Span.Length, seed + 2);
        for (int at = 0; at < index.Length; at++)
        {
            int target = (at / (count * inner) * extent + index[at]) * inner + at % inner;
            Assert.Equal(x.Span[target], y.Span[at]);
            last[target] = values[at];
            sums[target] += values[at];
        }
        Scatter.Copy<double>(values, index, outer, extent, count, inner, written.Span);
        Scatter.Add<double>(values, index, outer, extent, count, inner, added.Span);
        Assert.Equal(last, written.Span.ToArray());
        Assert.Equal(sums, added.Span.ToArray());
    }

    [Property(MaxTest = 100)]
    public void Running_sums(byte a, byte b, byte c, bool reverse, bool inPlace, int seed)
    {
        (int outer, int axis, int inner) = (1 + a % 3, b % 30, 1 + c % 40);
        double[] values = Integers(outer * axis * inner, seed);
        using GuardedMemory<double> x = new(values), other = new(values.Length);
        Span<double> y = inPlace ? x.Span : other.Span;
        CumulativeSum.Along(x.Span, outer, axis, inner, y, reverse);
        for (int at = 0; at < values.Length; at++)
        {
            int line = at / (axis * inner) * axis * inner + at % inner, k = at / inner % axis;
            IEnumerable<int> summed = reverse ? Enumerable.Range(k, axis - k) : Enumerable.Range(0, k + 1);
            Assert.Equal(summed.Sum(n => values[line + n * inner]), y[at]);
        }
    }

    [Fact]
    public void The_sum_by_index_is_one_chain_on_any_number_of_threads()
    {
        const int extent = 65, inner = 128, count = 1024;
        int[] indices = Indices(count, extent, 3);
        float[] x = [.. Enumerable.Range(0, count * inner).Select(i => (i * 7919 % 1009) / 331f)];
        float[] expected = new float[extent * inner], one = new float[expected.Length];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < inner; j++)
                expected[indices[i] * inner + j] += x[i * inner + j];
        }
        IndexSelect.Add<float>(x, indices, 1, extent, inner, one);
        Assert.Equal(expected, one);
        foreach (int threads in new[] { 2, 3 })
        {
            using WorkerTeam workers = new(threads);
            float[] y = new float[expected.Length];
            IndexSelect.Add<float>(x, indices, 1, extent, inner, y, workers: workers);
            Assert.Equal(expected, y);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    public void An_index_out_of_range_is_named(int wrong)
    {
        double[] x = new double[5], y = new double[3];
        int[] indices = [0, 4, wrong];
        ArgumentOutOfRangeException[] errors =
        [
            Assert.Throws<ArgumentOutOfRangeException>(() => IndexSelect.Copy<double>(x, indices, 1, 5, 1, y)),
            Assert.Throws<ArgumentOutOfRangeException>(() => IndexSelect.Add<double>(y, indices, 1, 5, 1, x)),
            Assert.Throws<ArgumentOutOfRangeException>(() => Gather.Copy<double>(x, indices, 1, 5, 3, 1, y)),
            Assert.Throws<ArgumentOutOfRangeException>(() => Scatter.Copy<double>(y, indices, 1, 5, 3, 1, x)),
            Assert.Throws<ArgumentOutOfRangeException>(() => Scatter.Add<double>(y, indices, 1, 5, 3, 1, x)),
        ];
        Assert.All(errors, e => Assert.Contains($"Index {wrong} at position 2 lies outside an axis of length 5; expected 0 to 4.", e.Message));
        Assert.Contains("x has 5 elements; expected 6", Assert.Throws<ArgumentException>(() => IndexSelect.Copy<double>(x, [0], 1, 6, 1, new double[1])).Message);
    }

    private static int[] Indices(int count, int bound, int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(bound))];
    }

    private static double[] Integers(int count, int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(-100, 100))];
    }
}
