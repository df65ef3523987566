using FastGrad.Analysis.Curvature;
using FastGrad.Autograd;
using FastGrad.Testing.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Testing.Tests;

/// <summary>Generators give what they promise; broadcasting is held against loops over indices on what they give.</summary>
public sealed class GeneratorTests
{
    public static class Arbitraries
    {
        public static Arbitrary<(Shape Left, Shape Right)> Pairs() => Arb.From(Shapes.Broadcasting());
    }

    [Property(MaxTest = 200, Replay = Seeds.Fixed)]
    public Property Numbers_lie_where_they_should() => Prop.ForAll(
        Arb.From(Numbers.LogUniform(-5, 5)), Arb.From(Numbers.Denormal()), (x, d) =>
            Math.Abs(x) is >= 1.0 / 32 and < 32 && double.IsSubnormal(d));

    [Property(MaxTest = 200, Replay = Seeds.Fixed, Arbitrary = [typeof(Arbitraries)])]
    public bool Broadcasting_is_an_index_loop((Shape Left, Shape Right) pair)
    {
        Tensor<double> x = Wave(pair.Left, 0.3), y = Wave(pair.Right, 1.2);
        Tensor<double> sum = x - y, product = x * y;
        int rank = Math.Max(x.Rank, y.Rank);
        bool same = sum.Rank == rank;
        foreach (int[] index in Indices(sum.Shape))
        {
            double a = At(x, index), b = At(y, index);
            same &= sum[index] == a - b && product[index] == a * b;
        }
        // The gradient of a stretched operand gathers: each element gets one for every index that reads it.
        x.RequiresGrad = true;
        (x - y).Sum().Backward();
        double times = sum.Length / (double)x.Length;
        return same && x.Grad!.ToArray().All(g => g == times);
    }

    [Fact]
    public void Pairs_stretch_on_both_sides()
    {
        (Shape Left, Shape Right)[] pairs = [.. Gen.Sample(Shapes.Broadcasting(), 500)];
        Assert.Contains(pairs, p => p.Left.Rank < p.Right.Rank);
        Assert.Contains(pairs, p => p.Left.Rank > p.Right.Rank);
        Assert.Contains(pairs, p => p.Left.BroadcastsTo(p.Right) && p.Left != p.Right);
        Assert.Contains(pairs, p => !p.Left.BroadcastsTo(p.Right) && !p.Right.BroadcastsTo(p.Left));
        Assert.Contains(Gen.Sample(Shapes.Any(), 500), s => s.Length == 0);
        Assert.Contains(Gen.Sample(Numbers.Any(), 500), double.IsNaN);
    }

    [Fact]
    public void Positive_definite_matrices_are()
    {
        foreach (Tensor<double> a in Gen.Sample(Matrices.PositiveDefinite(6, 1000), 100))
        {
            int n = a.Shape[0];
            Assert.Equal(a.ToArray(), a.Transpose().ToArray());
            double[] values = SymmetricEigenvalues.Of(a);
            Assert.InRange(values[0], 1e-3 * (1 - 1e-9), 1);
            Assert.InRange(values[^1], 1e-3, 1 + 1e-9);
            Assert.Equal(n, values.Length);
        }
        Assert.Contains(Gen.Sample(Matrices.PositiveDefinite(), 100), a => a.Shape[0] > 1 && a[0, 1] != 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => Matrices.PositiveDefinite(3, 0.5));
    }

    [Fact]
    public void Probability_rows_sum_to_one()
    {
        Tensor<double>[] all = [.. Gen.Sample(Matrices.ProbabilityRows(), 200)];
        Assert.All(all, p => Assert.All(p.Sum([1]).ToArray(), sum => Assert.Equal(1, sum, 1e-14)));
        Assert.All(all, p => Assert.All(p.ToArray(), v => Assert.InRange(v, 0, 1)));
        Assert.Contains(all, p => p.ToArray().Contains(0));
        Assert.Contains(all, p => p.ToArray().Any(v => v is > 0 and < 1e-6));
        int[] labels = [.. Gen.Sample(Matrices.Labels(5, 3), 50).SelectMany(l => l.ToArray())];
        Assert.Equal([0, 1, 2], labels.Distinct().Order());
        Assert.Equal(250, labels.Length);
    }

    [Fact]
    public void Finite_numbers_have_zeros_and_denormals_among_them()
    {
        double[] all = [.. Gen.Sample(Numbers.Finite(-4, 4), 2000)];
        Assert.All(all, v => Assert.True(double.IsFinite(v)));
        Assert.Contains(all, v => v == 0);
        Assert.Contains(all, double.IsSubnormal);
        // Each octave has its share: magnitudes are log-uniform.
        for (int octave = -4; octave < 4; octave++)
            Assert.InRange(all.Count(v => Math.Abs(v) >= Math.ScaleB(1, octave) && Math.Abs(v) < Math.ScaleB(1, octave + 1)), 140, 260);
    }

    [Fact]
    public void A_seed_prints_itself()
    {
        Exception error = Assert.ThrowsAny<Exception>(() => Prop.ForAll(SeedOf.Arbitrary(), seed => seed.Value < 10).Check(Config.QuickThrowOnFailure));
        string printed = error.Message[error.Message.IndexOf("new SeedOf(", StringComparison.Ordinal)..];
        Assert.True(ulong.Parse(printed["new SeedOf(".Length..printed.IndexOf(')')], System.Globalization.CultureInfo.InvariantCulture) >= 10);
        Assert.NotEqual(new SeedOf(3).Stream().UniformDouble(0), new SeedOf(4).Stream().UniformDouble(0));
    }

    private static IEnumerable<int[]> Indices(Shape shape)
    {
        for (int position = 0; position < shape.Length; position++)
        {
            int[] index = new int[shape.Rank];
            for (int axis = shape.Rank - 1, rest = position; axis >= 0; axis--)
                (rest, index[axis]) = Math.DivRem(rest, shape[axis]);
            yield return index;
        }
    }

    private static double At(Tensor<double> x, int[] index) =>
        x[[.. index[(index.Length - x.Rank)..].Select((k, axis) => x.Shape[axis] == 1 ? 0 : k)]];

    private static Tensor<double> Wave(Shape shape, double phase) =>
        Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(i => Math.Sin(1.3 * i + phase))], shape);
}
