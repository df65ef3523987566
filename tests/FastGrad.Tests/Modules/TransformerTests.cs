using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Modules;

/// <summary>Attention modules and transformer blocks against their equations; names, causality, capture.</summary>
public sealed class TransformerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BlocksAreTheirEquations(bool causal)
    {
        const int width = 6, heads = 2, time = 5;
        TransformerBlock<double> block = causal ? new TransformerDecoderBlock<double>(width, heads) : new TransformerEncoderBlock<double>(width, heads);
        block.Initialize(4);
        Dictionary<string, Tensor<double>> p = block.NamedParameters().ToDictionary(n => n.Name, n => n.Tensor);
        foreach (Tensor<double> values in p.Values)
        {
            int i = 0;
            foreach (ref double value in values.AsSpan())
                value += 0.01 * (i++ % 7 - 3); // no bias or scale is at its first value
        }
        Tensor<double> x = Random([2, time, width], 1), w = Random([2, time, width], 2);
        x.RequiresGrad = true;

        Tensor<double> actual = block.Forward(x);
        double[][] found = Gradients(actual);
        Tensor<double> n1 = Norm(x, "norm1"), qkv = n1.MatMul(p["self_attn.in_proj_weight"].Transpose()) + p["self_attn.in_proj_bias"];
        Tensor<double>[] parts = [.. qkv.Chunk(3, -1).Select(part => part.Reshape([2, time, heads, width / heads]))];
        Tensor<double> scores = TensorProducts.Einsum("bihe,bjhe->bhij", parts[0], parts[1]) / Math.Sqrt(width / heads);
        if (causal)
            scores += Tensor.Full<double>([time, time], -1e30).Triu(1);
        Tensor<double> mixed = TensorProducts.Einsum("bhij,bjhe->bihe", scores.Softmax(), parts[2]).Reshape([2, time, width]);
        Tensor<double> y = x + mixed.MatMul(p["self_attn.out_proj.weight"].Transpose()) + p["self_attn.out_proj.bias"];
        Tensor<double> hidden = Norm(y, "norm2").MatMul(p["linear1.weight"].Transpose()) + p["linear1.bias"];
        Tensor<double> gelu = hidden * (1.0 + (hidden / Math.Sqrt(2)).Erf()) / 2.0;
        Tensor<double> expected = y + gelu.MatMul(p["linear2.weight"].Transpose()) + p["linear2.bias"];
        double[][] wanted = Gradients(expected);
        Near(expected.ToArray(), actual.ToArray());
        for (int i = 0; i < wanted.Length; i++)
            Near(wanted[i], found[i]);

        Tensor<double> Norm(Tensor<double> z, string name)
        {
            Tensor<double> centred = z - z.Mean([-1], keepAxes: true);
            return centred / ((centred * centred).Mean([-1], keepAxes: true) + 1e-5).Sqrt() * p[name + ".weight"] + p[name + ".bias"];
        }

        double[][] Gradients(Tensor<double> output)
        {
            block.ZeroGrad();
            x.ZeroGrad();
            (output * w).Sum().Backward();
            return [x.Grad!.ToArray(), .. p.Values.Select(leaf => leaf.Grad!.ToArray())];
        }
    }

    [Fact]
    public void AttentionToItselfAndToAnotherSequenceAgree()
    {
        MultiHeadAttention<double> attention = new(8, 2);
        attention.Initialize(2);
        Tensor<double> x = Random([3, 5, 8], 1), memory = Random([3, 4, 8], 2);
        Near(attention.Forward(x).ToArray(), attention.Forward(x, x).ToArray());
        Tensor<bool> first = Tensor.From<bool>([true, true, false, false], [1, 1, 1, 4]).Clone();
        Tensor<bool> rows = Tensor.From<bool>([.. Enumerable.Repeat(new[] { true, true, false, false }, 5).SelectMany(r => r)], [5, 4]);
        Near(attention.Forward(x, memory.Slice(1, 0, 2)).ToArray(), attention.Forward(x, memory, rows).ToArray());
        Near(attention.Forward(x, memory, first).ToArray(), attention.Forward(x, memory, rows).ToArray());
        Assert.Equal(["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"], attention.NamedParameters().Select(p => p.Name));
        Assert.Contains("heads that divide", Assert.Throws<ArgumentException>(() => new MultiHeadAttention<double>(8, 3)).Message);
    }

    [Fact]
    public void ADecoderDoesNotSeeWhatComes()
    {
        TransformerDecoderBlock<float> block = new(8, 2);
        block.Initialize(2);
        Tensor<float> x = Tensor.From<float>([.. Random([1, 40, 8], 1).ToArray().Select(v => (float)v)], [1, 40, 8]), changed = x.Clone();
        changed.AsSpan()[(20 * 8)..].Fill(2);
        Assert.Equal(block.Forward(x).ToArray()[..160], block.Forward(changed).ToArray()[..160]);
        Assert.Equal(
            ["norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias", "self_attn.in_proj_weight", "self_attn.in_proj_bias", "self_attn.out_proj.weight", "self_attn.out_proj.bias", "linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"],
            block.NamedParameters().Select(p => p.Name));
    }

    [Fact]
    public void CapturedAndEagerTrainingsAreTheSame()
    {
        float[] Train(bool capture)
        {
            Sequential<float> model = new(new Embedding<float>(7, 8), new TransformerDecoderBlock<float>(8, 2), new Residual<float>(new Linear<float>(8, 8)), new Linear<float>(8, 7));
            model.Initialize(1);
            TrainingStep<float> step = new(model, new CrossEntropy<float>(), new AdamW().Create<float>(model.NamedParameters()), new() { Capture = capture });
            for (int i = 0; i < 4; i++)
            {
                int[] tokens = [.. Enumerable.Range(0, 24).Select(k => (k * 5 + i) % 7)];
                step.Run(Tensor.From<float>([.. tokens.Select(t => (float)t)], [2, 12]), Tensor.From(tokens, [2, 12]));
            }
            return [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];
        }
        Assert.Equal(Train(capture: false), Train(capture: true));
    }

    [Fact]
    public void ListsAndEmbeddingsExplainThemselves()
    {
        ModuleList<float> list = new(new Linear<float>(2, 2), new Linear<float>(2, 3));
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], list.NamedParameters().Select(p => p.Name));
        Assert.Contains("is no function", Assert.Throws<NotSupportedException>(() => list.Forward(Tensor.Zeros<float>([1]))).Message);
        Embedding<float> table = new(3, 2);
        table.Initialize(1);
        Assert.Equal(table.Weight.Tensor.ToArray()[2..4], table.Forward(Tensor.From(1)).ToArray());
        Assert.Contains("Index 3 at position 1", Assert.Throws<ArgumentOutOfRangeException>(() => table.Forward(Tensor.From(0f, 3))).Message);
        Assert.Contains("whole number", Assert.Throws<ArgumentException>(() => table.Forward(Tensor.From(0.5f))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding<float>(3, 2, padding: 3));
        Residual<float> residual = new(new Linear<float>(2, 3));
        residual.Initialize(1);
        Assert.Contains("expected the same shape", Assert.Throws<ArgumentException>(() => residual.Forward(Tensor.Zeros<float>([1, 2]))).Message);
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
}
