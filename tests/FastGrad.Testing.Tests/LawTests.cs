using FastGrad.Autograd;
using FastGrad.Kernels.Activations;
using FastGrad.Losses;
using FastGrad.Testing.Generators;
using FastGrad.Testing.Laws;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Testing.Tests;

/// <summary>The laws hold where they should, and break where something is wrong.</summary>
public sealed class LawTests
{
    public static class Arbitraries
    {
        public static Arbitrary<RandomGraph> Graph() => RandomGraph.Arbitrary();

        public static Arbitrary<SeedOf> Seed() => SeedOf.Arbitrary();

        public static Arbitrary<double[]> Segment() => Arb.From(Gen.ArrayOf(Numbers.LogUniform(-20, 5), 12));
    }

    [Property(MaxTest = 60, Replay = Seeds.Fixed, Arbitrary = [typeof(Arbitraries)])]
    public Property Random_graphs_keep_inner_products(RandomGraph graph, SeedOf seed) => DerivativeLaws.KeepInnerProducts(graph.Evaluate, Leaves<double>(seed));

    [Property(MaxTest = 60, Replay = Seeds.Fixed, Arbitrary = [typeof(Arbitraries)])]
    public Property Random_graphs_are_captured_to_the_bit(RandomGraph graph, SeedOf seed) => Prop.And(
        CaptureLaws.SameBits(graph.Evaluate, Leaves<double>(seed)), CaptureLaws.SameBits(graph.Evaluate, Leaves<float>(seed)));

    [Property(MaxTest = 200, Replay = Seeds.Fixed, Arbitrary = [typeof(Arbitraries)])]
    public Property Losses_that_claim_it_are_convex(double[] numbers)
    {
        Tensor<double> x = Tensor.From<double>(numbers[..6], [2, 3]), y = Tensor.From<double>(numbers[6..], [2, 3]), target = Tensor.From([0.5, -1, 2, 0, 1, -0.25], [2, 3]);
        double theta = Math.Abs(numbers[0]) % 1;
        Property all = Prop.ToProperty(true);
        foreach (Loss<double> loss in (Loss<double>[])[new MeanSquaredError<double>(Reduction.None), new MeanAbsoluteError<double>(Reduction.None), new Huber<double>(0.5, Reduction.None), new LogCosh<double>(Reduction.None), new Quantile<double>(0.25, Reduction.None)])
        {
            Assert.True(loss.Curvature.IsConvex);
            all = Prop.And(all, Prop.And(ConvexityLaws.Jensen(p => loss.Forward(p, target), x, y, theta), ConvexityLaws.FirstOrder(p => loss.Forward(p, target), x, y)));
        }
        CrossEntropy<double> entropy = new(Reduction.None);
        return Prop.And(all, Prop.And(ConvexityLaws.Jensen(p => entropy.Forward(p, Tensor.From(2, 0)), x, y, theta), ConvexityLaws.FirstOrder(p => entropy.Forward(p, Tensor.From(2, 0)), x, y)));
    }

    [Fact]
    public void What_is_wrong_breaks_a_law()
    {
        Tensor<double> x = Tensor.From(-3.0, 0.5), y = Tensor.From(-1.0, 2);
        Breaks(ConvexityLaws.Jensen(v => v.Gelu(), Tensor.From(-4.0), Tensor.From(-2.0)), "element 0");
        Breaks(ConvexityLaws.FirstOrder(v => v.Map(default(Silu<double>)), Tensor.From(-2.0), Tensor.From(-8.0)), "tangent");
        // Convex, with a gradient that is no subgradient.
        CustomOperator<double> steep = new("steep", t => t[0].Square(), (t, _, dy, _) => dy * t[0] * 3.0, (t, _, tangents) => tangents[0]! * t[0] * 3.0);
        Breaks(ConvexityLaws.FirstOrder(v => steep.Apply(v), Tensor.From(1.0), Tensor.From(1.125)), "tangent");
        CustomOperator<double> torn = new("torn", t => t[0].Square(), (t, _, dy, _) => dy * t[0] * 2.0, (t, _, tangents) => tangents[0]! * t[0] * 2.001);
        Breaks(DerivativeLaws.KeepInnerProducts(v => torn.Apply(v[0]), x), "Jᵀw");
        // A function with a memory is not what was recorded.
        int calls = 0;
        Breaks(CaptureLaws.SameBits(v => v[0] * (double)++calls, x), "recorded against eager");
        calls = 2;
        Breaks(CaptureLaws.SameBits(v => v[0] * (++calls == 4 ? 2.0 : 1.0), x), "run on other numbers");
        // One that looks at an element is refused by the recorder.
        Assert.Throws<InvalidOperationException>(() => CaptureLaws.SameBits(v => v[0][0] < 0 ? v[0] * 2.0 : v[0] * 3.0, x));
        Assert.Throws<ArgumentException>(() => ConvexityLaws.Jensen(v => v, x, Tensor.From(1.0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConvexityLaws.Jensen(v => v, x, y, 1.5));

        static void Breaks(Property law, string word)
        {
            Exception error = Assert.ThrowsAny<Exception>(() => Check.One(Config.QuickThrowOnFailure, law));
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
        }
    }

    private static Tensor<T>[] Leaves<T>(SeedOf seed)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => [.. RandomGraph.LeafShapes.Select((shape, i) =>
    {
        double[] values = new double[shape.Length];
        seed.Stream((ulong)i).FillUniform(values.AsSpan(), -1.5, 1.5);
        return Tensor.From<T>([.. values.Select(T.CreateTruncating)], shape);
    })];
}
