using FastGrad.Autograd;
using FastGrad.Testing.Generators;
using FastGrad.Testing.Laws;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace FastGrad.Testing.Tests;

/// <summary>Random graphs with sharing, broadcasting and views obey every law of derivatives.</summary>
public sealed class RandomGraphTests
{
    public static class Arbitraries
    {
        public static Arbitrary<RandomGraph> Graph() => RandomGraph.Arbitrary();
    }

    [Property(MaxTest = 60, Replay = Seeds.Fixed, Arbitrary = [typeof(Arbitraries)])]
    public Property Derivatives_agree_with_differences(RandomGraph graph, int seed) =>
        DerivativeLaws.AgreeWithDifferences(graph.Evaluate, Leaves(seed));

    [Property(MaxTest = 100, Replay = Seeds.Fixed, Arbitrary = [typeof(Arbitraries)])]
    public Property Two_passes_are_twice_one(RandomGraph graph, int seed) =>
        DerivativeLaws.Accumulate(graph.Evaluate, Leaves(seed));

    [Property(MaxTest = 100, Replay = Seeds.Fixed, Arbitrary = [typeof(Arbitraries)])]
    public Property Both_linear_maps_are_linear(RandomGraph graph, int seed) =>
        Prop.And(DerivativeLaws.PullBackLinearly(graph.Evaluate, Leaves(seed)), DerivativeLaws.PushForwardLinearly(graph.Evaluate, Leaves(seed)));

    [Property(MaxTest = 100, Replay = Seeds.Fixed, Arbitrary = [typeof(Arbitraries)])]
    public Property Scopes_change_no_bit(RandomGraph graph, int seed) =>
        DerivativeLaws.IgnoreScopes(graph.Evaluate, Leaves(seed));

    [Property(MaxTest = 100, Replay = Seeds.Fixed, Arbitrary = [typeof(Arbitraries)])]
    public bool Float_follows_double(RandomGraph graph, int seed)
    {
        Tensor<double>[] wide = Leaves(seed);
        Tensor<float>[] narrow = [.. wide.Select(t => Tensor.From<float>([.. t.ToArray().Select(v => (float)v)], t.Shape))];
        double[] expected = Gradients([.. narrow.Select(t => Tensor.From<double>([.. t.ToArray().Select(v => (double)v)], t.Shape))], graph.Evaluate);
        float[] actual = Gradients(narrow, graph.Evaluate);
        double scale = expected.Max(Math.Abs);
        return expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-4 * scale);
    }

    [Fact]
    public void Graphs_use_every_operation()
    {
        // Each alone, on every pair of leaves: nothing in the table is out of reach, or throws.
        for (int operation = 0; operation < 24; operation++)
        {
            for (int left = 0; left < 4; left++)
            {
                for (int right = 0; right < 4; right++)
                {
                    for (int detail = 0; detail < 4; detail++)
                        Assert.True(double.IsFinite(new RandomGraph([new(operation, left, right, detail)]).Evaluate(Leaves(3)).Item()));
                }
            }
        }
    }

    [Fact]
    public void A_wrong_derivative_breaks_the_laws()
    {
        // Detach hides half of the derivative of x·x from every mode: differences see it.
        Property law = DerivativeLaws.AgreeWithDifferences(x => (x[0] * x[0].Detach()).Sum(), Tensor.From(0.5, 1.5));
        Assert.Throws<Exception>(() => Check.One(Config.QuickThrowOnFailure, law));
    }

    private static T[] Gradients<T>(Tensor<T>[] leaves, Func<Tensor<T>[], Tensor<T>> f)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        foreach (Tensor<T> leaf in leaves)
            leaf.RequiresGrad = true;
        Tensor<T> y = f(leaves);
        if (y.RequiresGrad)
            y.Backward();
        return [.. leaves.SelectMany(leaf => leaf.Grad?.ToArray() ?? new T[leaf.Length])];
    }

    private static Tensor<double>[] Leaves(int seed)
    {
        Random random = new(seed);
        return [.. RandomGraph.LeafShapes.Select(shape => Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(_ => 3 * random.NextDouble() - 1.5)], shape))];
    }
}
