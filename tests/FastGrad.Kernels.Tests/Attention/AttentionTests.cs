using FastGrad.Kernels.Attention;
using FastGrad.Kernels.Tests.Guarded;
using FastGrad.Kernels.Workers;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Kernels.Tests.Attention;

/// <summary>Attention against its definition in double, its masks and its independence of threads.</summary>
public sealed class AttentionTests
{
    public static TheoryData<int, int, int, int, int, int, bool, Masking> Shapes()
    {
        TheoryData<int, int, int, int, int, int, bool, Masking> shapes = [];
        foreach (Masking masking in Enum.GetValues<Masking>())
        {
            foreach (bool causal in new[] { false, true })
            {
                shapes.Add(2, 3, 5, 5, 4, 4, causal, masking);
                shapes.Add(1, 1, 1, 1, 1, 1, causal, masking);
                shapes.Add(1, 2, 64, 64, 32, 32, causal, masking);
                shapes.Add(1, 1, 33, 70, 9, 17, causal, masking);
                shapes.Add(2, 1, 70, 33, 16, 3, causal, masking);
            }
        }
        shapes.Add(1, 1, 40, 1100, 8, 8, false, Masking.Additive); // three blocks of keys
        shapes.Add(1, 1, 1100, 1100, 4, 5, true, Masking.None);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Results_are_those_of_the_definition(int batch, int heads, int queries, int keys, int width, int valueWidth, bool causal, Masking masking)
    {
        AttentionCase c = new(new(batch, heads, queries, keys, width, valueWidth, causal), masking);
        AssertNear(c.Expected(), c.Compute<double>(), 1e-12);
        AssertNear(c.Expected(), c.Compute<float>(), 2e-5);
    }

    [Property(MaxTest = 60)]
    public void Random_shapes_and_masks(byte batch, byte heads, byte queries, byte keys, byte width, byte valueWidth, bool causal, byte masking, byte seed)
    {
        AttentionShape shape = new(1 + batch % 3, 1 + heads % 3, queries % 70, keys % 70, width % 40, valueWidth % 40, causal);
        AttentionCase c = new(shape, (Masking)(masking % 3), seed);
        AssertNear(c.Expected(), c.Compute<double>(), 1e-12);
    }

    [Theory]
    [InlineData(1, 1, 200, 200, true)]
    [InlineData(1, 3, 130, 90, false)]
    [InlineData(3, 1, 600, 600, true)]
    [InlineData(2, 4, 64, 64, true)]
    public void Threads_change_no_bit(int batch, int heads, int queries, int keys, bool causal)
    {
        AttentionCase c = new(new(batch, heads, queries, keys, 16, 16, causal), Masking.Boolean);
        AttentionCase.Results one = c.Compute<float>();
        foreach (int threads in new[] { 2, 3 })
        {
            using WorkerTeam workers = new(threads);
            foreach (((string name, double[] expected), (_, double[] actual)) in one.All.Zip(c.Compute<float>(workers).All))
                Assert.True(expected.SequenceEqual(actual), $"{name} on {threads} threads");
        }
    }

    [Fact]
    public void Gradients_are_added_where_asked()
    {
        AttentionCase c = new(new(2, 2, 40, 40, 8, 8, Causal: true));
        double[][] start = [AttentionCase.Uniform(c.Query.Length, 91, 1), AttentionCase.Uniform(c.Key.Length, 92, 1), AttentionCase.Uniform(c.Value.Length, 93, 1)];
        AttentionCase.Results plain = c.Expected(), added = c.Compute(start: start);
        AssertNear(plain with { Query = Sum(plain.Query, start[0]), Key = Sum(plain.Key, start[1]), Value = Sum(plain.Value, start[2]) }, added, 1e-12);
        using WorkerTeam workers = new(2);
        AttentionCase cut = new(new(1, 1, 300, 300, 8, 8, Causal: true));
        start = [cut.Query, cut.Key, cut.Value];
        Assert.Equal(cut.Compute(start: start).Key, cut.Compute(workers, start).Key);
    }

    [Fact]
    public void What_is_not_seen_changes_no_bit()
    {
        const int seen = 45;
        AttentionCase c = new(new(2, 2, 100, 100, 16, 16, Causal: true)), changed = new(c.Shape);
        foreach (double[] values in new[] { changed.Key, changed.Value })
        {
            for (int i = 0; i < values.Length; i++)
            {
                if (i / 16 % 100 >= seen)
                    values[i] = 1e6 * (1 - 2 * (i % 2));
            }
        }
        double[] before = c.Compute<float>().Output, after = changed.Compute<float>().Output;
        for (int i = 0; i < before.Length; i++)
        {
            if (i / 16 % 100 < seen)
                Assert.Equal(BitConverter.DoubleToInt64Bits(before[i]), BitConverter.DoubleToInt64Bits(after[i]));
        }
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void A_query_that_sees_nothing_gives_zero()
    {
        AttentionCase c = new(new(1, 2, 9, 6, 3, 3), Masking.Boolean);
        AttentionCase.Results results = c.Compute<double>();
        Assert.All(results.Output.AsSpan(3 * 3, 3).ToArray(), x => Assert.Equal(0, x)); // row 3
        Assert.Equal(double.NegativeInfinity, results.LogSumExp[3]);
        Assert.All(results.Query.AsSpan(3 * 3, 3).ToArray(), x => Assert.Equal(0, x));
        AttentionCase.Results empty = new AttentionCase(new(1, 1, 2, 0, 3, 3)).Compute<double>();
        Assert.All(empty.Output, x => Assert.Equal(0, x));
        Assert.All(empty.LogSumExp, x => Assert.Equal(double.NegativeInfinity, x));
    }

    [Fact]
    public void Views_of_a_fused_projection_need_no_copy()
    {
        const int batch = 2, heads = 3, time = 37, width = 5, row = 3 * heads * width;
        AttentionCase c = new(new(batch, heads, time, time, width, width, Causal: true));
        double[] packed = new double[batch * time * row], dPacked = new double[packed.Length], output = new double[batch * time * heads * width], lse = new double[batch * heads * time], d = new double[output.Length];
        for (int i = 0; i < c.Query.Length; i++)
        {
            (int rest, int e) = Math.DivRem(i, width);
            (rest, int t) = Math.DivRem(rest, time);
            (int b, int h) = Math.DivRem(rest, heads);
            int at = (b * time + t) * row + h * width + e;
            (packed[at], packed[at + heads * width], packed[at + 2 * heads * width]) = (c.Query[i], c.Key[i], c.Value[i]);
            d[(b * time + t) * heads * width + h * width + e] = c.Gradient[i];
        }
        HeadLayout fused = new(time * row, width, row), interleaved = HeadLayout.Interleaved(heads, time, width);
        Span<double> key = packed.AsSpan(heads * width), value = packed.AsSpan(2 * heads * width);
        ScaledDotProductAttention.Forward<double>(c.Shape, c.Scale, default, packed, fused, key, fused, value, fused, output, interleaved, lse);
        ScaledDotProductAttention.Backward<double>(
            c.Shape, c.Scale, default, packed, fused, key, fused, value, fused, output, interleaved, lse, d, interleaved,
            dPacked, fused, dPacked.AsSpan(heads * width), fused, dPacked.AsSpan(2 * heads * width), fused);
        AttentionCase.Results dense = c.Compute<double>();
        for (int i = 0; i < c.Query.Length; i++)
        {
            (int rest, int e) = Math.DivRem(i, width);
            (rest, int t) = Math.DivRem(rest, time);
            (int b, int h) = Math.DivRem(rest, heads);
            int at = (b * time + t) * row + h * width + e;
            Assert.Equal(dense.Output[i], output[(b * time + t) * heads * width + h * width + e]);
            Assert.Equal((dense.Query[i], dense.Key[i], dense.Value[i]), (dPacked[at], dPacked[at + heads * width], dPacked[at + 2 * heads * width]));
        }
    }

    [Theory]
    [InlineData(Guard.After)]
    [InlineData(Guard.Before)]
    public void Nothing_is_touched_beside_the_spans(Guard guard)
    {
        for (int n = 1; n < 36; n += 3)
        {
            AttentionCase c = new(new(1, 2, n, n + 1, n, 36 - n, n % 2 == 0), n % 3 == 0 ? Masking.Additive : Masking.None);
            AssertNear(c.Expected(), c.Compute<float>(guard: guard), 2e-5);
            AssertNear(c.Expected(), c.Compute<double>(guard: guard), 1e-12);
        }
    }

    [Fact]
    public void Mistakes_are_named()
    {
        float[] x = new float[24];
        HeadLayout layout = HeadLayout.Dense(1, 4, 6);
        AttentionShape shape = new(1, 1, 4, 4, 6, 6);
        Assert.Contains("key", Assert.Throws<ArgumentException>(() => ScaledDotProductAttention.Forward<float>(shape, 1, default, x, layout, x.AsSpan(1), layout, x, layout, new float[24], layout)).Message);
        Assert.Contains("overlaps an input", Assert.Throws<ArgumentException>(() => ScaledDotProductAttention.Forward<float>(shape, 1, default, x, layout, x, layout, x, layout, x, layout)).Message);
        Assert.Contains("overlaps itself", Assert.Throws<ArgumentException>(() => ScaledDotProductAttention.Forward<float>(shape, 1, default, x, layout, x, layout, x, layout, new float[24], new(0, 0, 5))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaledDotProductAttention.Forward<float>(shape with { Heads = -1 }, 1, default, x, layout, x, layout, x, layout, x, layout));
        Assert.Throws<NotSupportedException>(() => ScaledDotProductAttention.Forward<Half>(shape, (Half)1, default, new Half[24], layout, new Half[24], layout, new Half[24], layout, new Half[24], layout));
        Assert.Contains("logSumExp", Assert.Throws<ArgumentException>(() => ScaledDotProductAttention.Forward<float>(shape, 1, default, x, layout, x, layout, x, layout, new float[24], layout, new float[3])).Message);
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static void AssertNear(AttentionCase.Results expected, AttentionCase.Results actual, double tolerance)
    {
        foreach (((string name, double[] e), (_, double[] a)) in expected.All.Zip(actual.All))
        {
            double scale = e.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max() + 1;
            for (int i = 0; i < e.Length; i++)
                Assert.True(e[i] == a[i] || Math.Abs(e[i] - a[i]) <= tolerance * scale, $"{name}[{i}] is {a[i]:R}, expected {e[i]:R}");
        }
    }
}
