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
