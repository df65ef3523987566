using FastGrad.Autograd;
using FastGrad.Kernels.Philox;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Training;
using Xunit;
using DropoutDraw = FastGrad.Autograd.Primitives.DropoutDraw;

namespace FastGrad.Tests.Modules;

/// <summary>Dropout inside attention, blocks and recurrent networks: where it acts, the same masks eager, captured and checkpointed; masks of padding; attention to a memory.</summary>
public sealed class DropoutInModulesTests
{
    private const double P = 0.25;

    public static TheoryData<string> Kinds => ["attention", "encoder", "decoder", "lstm", "gru", "rnn"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void CapturedEagerAndCheckpointedTrainingsAreTheSame(string kind)
    {
        double[] Train(bool capture, bool checkpoint)
        {
            Module<double> part = Make(kind, P, seed: 5);
            Sequential<double> model = new(checkpoint ? new Segment(part) : new Residual<double>(part), new Flatten<double>(), new Linear<double>(24, 3));
            model.Initialize(1);
            TrainingStep<double> step = new(model, new CrossEntropy<double>(), new Sgd().Create<double>(model.NamedParameters()), new() { Capture = capture });
            for (int i = 0; i < 3; i++)
                step.Run(Random([2, 4, 6], i), Tensor.From(0, 2));
            Assert.Contains(model.NamedBuffers(), b => b.Name.EndsWith("draws", StringComparison.Ordinal));
            Assert.All(model.NamedBuffers(), b => Assert.Equal([3.0, 0], b.Buffer.ToArray()));
            return [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];
        }
        double[] eager = Train(capture: false, checkpoint: false);
        Assert.Equal(eager, Train(capture: true, checkpoint: false));
        Assert.Equal(eager, Train(capture: false, checkpoint: true));
        Assert.Equal(eager, Train(capture: true, checkpoint: true));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EvaluationDropsNothingAndDrawsDiffer(string kind)
    {
        Module<double> with = Make(kind, P, seed: 5).Initialize(2), without = Make(kind, 0, seed: 5).Initialize(2);
        Tensor<double> x = Random([2, 4, 6], 1);
        double[] first = with.Forward(x).ToArray(), second = with.Forward(x).ToArray(), plain = without.Forward(x).ToArray();
        Assert.NotEqual(first, second);
        Assert.NotEqual(plain, first);
        Assert.Equal(without.Eval().Forward(x).ToArray(), with.Eval().Forward(x).ToArray());
        Assert.Equal(first, Make(kind, P, seed: 5).Initialize(2).Forward(x).ToArray());
        Assert.NotEqual(first, Make(kind, P, seed: 6).Initialize(2).Forward(x).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>("dropout", () => Make(kind, 1, seed: 5));
        Assert.Equal(without.NamedParameters().Select(p => p.Name), with.NamedParameters().Select(p => p.Name));
    }

    /// <summary>The weights of the sum over keys are dropped, and nothing else: with the same draw, softmax, mask and product give the same bits and gradients.</summary>
    [Fact]
    public void AttentionDropsWeights()
    {
        Tensor<double> q = Leaf([2, 3, 4], 1), k = Leaf([2, 5, 4], 2), v = Leaf([2, 5, 4], 3), c = Random([2, 3, 4], 4);
        DropoutDraw draw = new() { Stream = new PhiloxStream(7, 1) };
        Tensor<bool> allowed = Tensor.From<bool>([true, true, false, true, true]).Reshape([1, 5]);
        Tensor<double> actual = q.ScaledDotProductAttention(k, v, allowed: allowed, dropout: P, draw: draw);
        Tensor<double> scores = q.MatMul(k.Transpose()) / 2.0 + Tensor.From<double>([0, 0, -1e30, 0, 0], [1, 5]);
        Tensor<double> mask = Tensor.Ones<double>([2, 3, 5]).Dropout(P, draw);
        Assert.Contains(0.0, mask.ToArray());
        Tensor<double> expected = (scores.Softmax() * mask).MatMul(v);
        double[][] wanted = Gradients(expected), found = Gradients(actual);
        for (int i = 0; i < wanted.Length; i++)
            Near(wanted[i], found[i]);
        Assert.Throws<ArgumentNullException>("draw", () => q.ScaledDotProductAttention(k, v, dropout: P));

        double[][] Gradients(Tensor<double> y)
        {
            foreach (Tensor<double> leaf in (Tensor<double>[])[q, k, v])
                leaf.ZeroGrad();
            (y * c).Sum().Backward();
            return [y.ToArray(), q.Grad!.ToArray(), k.Grad!.ToArray(), v.Grad!.ToArray()];
        }
    }

    /// <summary>Between the layers of a recurrent network stands dropout with the network's seed and the layer's place; the last layer's outputs stay.</summary>
    [Fact]
    public void RecurrentNetworksDropBetweenLayers()
    {
        Lstm<double> network = new(6, 5, layers: 2, dropout: P, seed: 9);
        network.Initialize(3);
        Lstm<double> lower = new(6, 5), upper = new(5, 5);
        lower.Initialize(1);
        upper.Initialize(1);
        foreach ((Lstm<double> part, string suffix) in new[] { (lower, "_l0"), (upper, "_l1") })
        {
            foreach (NamedParameter<double> p in part.NamedParameters())
                network.NamedParameters().Single(n => n.Name == p.Name.Replace("_l0", suffix, StringComparison.Ordinal)).Tensor.CopyTo(p.Tensor.AsSpan());
        }
        Tensor<double> x = Random([2, 4, 6], 1);
        Tensor<double> between = new Dropout<double>(P, 9).Forward(lower.Forward(x)); // place 0 of the seed
        Assert.Equal(upper.Forward(between).ToArray(), network.Forward(x).ToArray());
        Assert.Contains(0.0, between.ToArray());
        Assert.DoesNotContain(0.0, network.Forward(x).ToArray());
        Assert.Equal(["dropout_l0.draws"], network.NamedBuffers().Select(b => b.Name));
        Assert.Empty(new Gru<double>(6, 5, dropout: P).NamedBuffers()); // one layer has nothing between
    }

    [Fact]
    public void PaddingIsNotSeen()
    {
        TransformerEncoderBlock<double> block = new(6, 2);
        block.Initialize(1);
        Tensor<double> x = Random([2, 4, 6], 1), changed = x.Clone();
        changed.AsSpan().Slice(18, 6).Fill(9); // the last position of the first sequence
        Tensor<bool> padding = Tensor.From<bool>([false, false, false, true, false, false, false, false], [2, 4]);
        double[] first = block.Forward(x, null, padding).ToArray(), second = block.Forward(changed, null, padding).ToArray();
        Assert.Equal(first[..18], second[..18]);
        Assert.Equal(first[24..], second[24..]);
        Assert.NotEqual(first[18..24], second[18..24]);
        Near(block.Forward(x.Slice(0, 0, 1).Slice(1, 0, 3)).ToArray(), first[..18]);
        // With a mask beside it, both hide.
        Tensor<bool> own = Tensor.From<bool>([.. Enumerable.Range(0, 16).Select(i => i / 4 >= i % 4)], [4, 4]);
        TransformerDecoderBlock<double> causal = new(6, 2);
        causal.Initialize(1);
        Near(causal.Forward(x, allowed: null, keyPadding: padding).ToArray(), block.Forward(x, own, padding).ToArray());
        Assert.Contains("expected [2, 4]", Assert.Throws<ArgumentException>("keyPadding", () => block.Forward(x, null, Tensor.From(false, true))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeysAndValuesMayBeDifferentSequences()
    {
        MultiHeadAttention<double> attention = new(6, 2);
        attention.Initialize(1);
        Tensor<double> x = Random([2, 4, 6], 1), memory = Random([2, 3, 6], 2);
        Assert.Equal(attention.Forward(x, memory).ToArray(), attention.Attend(x, memory, memory).ToArray());
        // Values that are alike come through, whatever the keys are.
        Tensor<double> alike = Random([2, 1, 6], 3);
        double[] one = attention.Attend(x, memory, alike.BroadcastTo([2, 3, 6])).ToArray(), other = attention.Attend(x, memory.Flip(1), alike.BroadcastTo([2, 3, 6])).ToArray();
        Near(one, other);
        Assert.NotEqual(one, attention.Forward(x, memory).ToArray());
    }

    [Fact]
    public void ACapturedProgramSeesThePaddingOfEachRun()
    {
        TransformerEncoderBlock<double> block = new(6, 2);
        block.Initialize(1);
        bool[] hidden = new bool[8];
        Tensor<bool> padding = Tensor.Wrap(hidden.AsMemory(), [2, 4]);
        Tensor<double> x = Random([2, 4, 6], 1), y = null!;
        Program program = Capture.Record<double>(() =>
        {
            using NoGrad off = new();
            y = block.Forward(x, null, padding);
            return [y];
        });
        foreach (int position in (int[])[3, 6])
        {
            hidden[position] = true;
            program.Run();
            double[] captured = y.ToArray();
            Assert.Equal(block.Forward(x, null, padding).ToArray(), captured);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ADecoderAttendsToItsMemory(bool normFirst)
    {
        const int width = 6;
        TransformerDecoderBlock<double> block = new(width, 2, normFirst: normFirst, memory: true);
        block.Initialize(1);
        Assert.Equal(
            ["norm1", "norm2", "norm3", "self_attn", "multihead_attn", "linear1", "linear2"], block.NamedParameters().Select(p => p.Name.Split('.')[0]).Distinct());
        Tensor<double> x = Leaf([2, 4, width], 1), memory = Leaf([2, 3, width], 2), c = Random([2, 4, width], 3);
        Tensor<bool> padding = Tensor.From<bool>([false, false, true, false, false, false], [2, 3]);
        Dictionary<string, Tensor<double>> p = block.NamedParameters().ToDictionary(n => n.Name, n => n.Tensor);

        Tensor<double> causal = Tensor.Full<double>([4, 4], -1e30).Triu(1), hides = Tensor.From<double>([0, 0, -1e30, 0, 0, 0], [2, 1, 1, 3]);
        Tensor<double> expected = Residual(x, "norm1", y => Attend(y, y, "self_attn", causal));
        expected = Residual(expected, "norm2", y => Attend(y, memory, "multihead_attn", hides));
        expected = Residual(expected, "norm3", y => Affine(Affine(y, "linear1").Gelu(), "linear2"));
        double[][] wanted = Gradients(expected), found = Gradients(block.Forward(x, memory, memoryKeyPadding: padding));
        for (int i = 0; i < wanted.Length; i++)
            Near(wanted[i], found[i]);
        Assert.Contains("Forward(x, memory)", Assert.Throws<InvalidOperationException>(() => block.Forward(x)).Message, StringComparison.Ordinal);
        Assert.Contains("memory: true", Assert.Throws<InvalidOperationException>(() => new TransformerDecoderBlock<double>(6, 2).Forward(x, memory)).Message, StringComparison.Ordinal);

        Tensor<double> Residual(Tensor<double> z, string norm, Func<Tensor<double>, Tensor<double>> part) => normFirst ? z + part(Norm(z, norm)) : Norm(z + part(z), norm);

        Tensor<double> Norm(Tensor<double> z, string name)
        {
            Tensor<double> centred = z - z.Mean([-1], keepAxes: true);
            return centred / ((centred * centred).Mean([-1], keepAxes: true) + 1e-5).Sqrt() * p[name + ".weight"] + p[name + ".bias"];
        }

        Tensor<double> Affine(Tensor<double> z, string name) => z.MatMul(p[name + ".weight"].Transpose()) + p[name + ".bias"];

        Tensor<double> Attend(Tensor<double> from, Tensor<double> to, string name, Tensor<double> bias)
        {
            Tensor<double> Part(Tensor<double> z, int which) =>
                (z.MatMul(p[name + ".in_proj_weight"].Slice(0, which * width, width).Transpose()) + p[name + ".in_proj_bias"].Slice(0, which * width, width)).Reshape([2, z.Shape[1], 2, width / 2]);
            Tensor<double> scores = TensorProducts.Einsum("bihe,bjhe->bhij", Part(from, 0), Part(to, 1)) / Math.Sqrt(width / 2) + bias;
            return Affine(TensorProducts.Einsum("bhij,bjhe->bihe", scores.Softmax(), Part(to, 2)).Reshape(from.Shape), name + ".out_proj");
        }

        double[][] Gradients(Tensor<double> y)
        {
            block.ZeroGrad();
            x.ZeroGrad();
            memory.ZeroGrad();
            (y * c).Sum().Backward();
            return [y.ToArray(), x.Grad!.ToArray(), memory.Grad!.ToArray(), .. p.Values.Select(leaf => leaf.Grad!.ToArray())];
        }
    }

    private static Module<double> Make(string kind, double dropout, ulong seed) => kind switch
    {
        "attention" => new MultiHeadAttention<double>(6, 2, dropout: dropout, seed: seed),
        "encoder" => new TransformerEncoderBlock<double>(6, 2, dropout: dropout, seed: seed),
        "decoder" => new TransformerDecoderBlock<double>(6, 2, dropout: dropout, seed: seed, normFirst: false),
        "lstm" => new Lstm<double>(6, 6, layers: 2, dropout: dropout, seed: seed),
        "gru" => new Gru<double>(6, 3, layers: 3, bidirectional: true, dropout: dropout, seed: seed),
        _ => new Rnn<double>(6, 6, layers: 2, dropout: dropout, seed: seed),
    };

    private static Tensor<double> Leaf(Shape shape, int seed)
    {
        Tensor<double> leaf = Random(shape, seed);
        leaf.RequiresGrad = true;
        return leaf;
    }

    private static Tensor<double> Random(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(_ => random.NextDouble() * 2 - 1)], shape);
    }

    private static void Near(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-12);
    }

    /// <summary>x + f(x), with f a checkpointed segment.</summary>
    private sealed class Segment : Module<double>
    {
        private readonly Func<Tensor<double>, Tensor<double>> _segment;

        public Segment(Module<double> module) => _segment = Transforms.Checkpoint<double>(Child("module", module).Forward);

        protected override bool IsReplayable => true;

        public override Tensor<double> Forward(Tensor<double> x) => x + _segment(x);
    }
}
