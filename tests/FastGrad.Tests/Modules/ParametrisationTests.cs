using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Serialization;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Modules;

/// <summary>Bilinear maps, weight normalization, running statistics of instance norm, and counts in files, against their equations and PyTorch's names.</summary>
public sealed class ParametrisationTests
{
    [Fact]
    public void ABilinearMapIsItsSums()
    {
        Bilinear<double> map = new(3, 4, 2);
        map.Initialize(1);
        Assert.Equal(["weight [2, 3, 4]", "bias [2]"], map.NamedParameters().Select(p => $"{p.Name} {p.Parameter.Shape}"));
        Tensor<double> w = map.NamedParameters()[0].Tensor, b = map.NamedParameters()[1].Tensor, x = Random([2, 5, 3], 1), y = Random([2, 5, 4], 2), c = Random([2, 5, 2], 3);
        Assert.All(w.ToArray(), v => Assert.InRange(v, -1 / Math.Sqrt(3), 1 / Math.Sqrt(3)));
        Tensor<double>[] leaves = [x, y, w, b];
        foreach (Tensor<double> leaf in leaves)
            leaf.RequiresGrad = true;
        Tensor<double> actual = map.Forward(x, y), expected = TensorProducts.Einsum("nti,kij,ntj->ntk", x, w, y) + b;
        Near(Gradients(leaves, expected, c), Gradients(leaves, actual, c), 1e-13);
        double sum = b[1];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 4; j++)
                sum += x[1, 2, i] * w[1, i, j] * y[1, 2, j];
        Assert.Equal(sum, actual[1, 2, 1], 1e-14);
        Assert.Equal(actual.ToArray(), map.Forward(TensorShapes.Concatenate(-1, x, y)).ToArray());
        Assert.Contains("expected [..., 3] and [..., 4]", Assert.Throws<ArgumentException>("x2", () => map.Forward(y, x)).Message, StringComparison.Ordinal);
        Assert.Contains("[..., 7]", Assert.Throws<ArgumentException>("x", () => map.Forward(x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeightNormKeepsTheFunctionAndHasTorchsNames()
    {
        Linear<double> linear = new(3, 2);
        linear.Initialize(4);
        Tensor<double> x = Random([5, 3], 1);
        double[] before = linear.Forward(x).ToArray();
        Assert.Same(linear, linear.WeightNorm());
        Near([before], [linear.Forward(x).ToArray()], 1e-15);
        Assert.Equal(["bias [2]", "weight_g [2, 1]", "weight_v [2, 3]"], linear.NamedParameters().Select(p => $"{p.Name} {p.Parameter.Shape}"));
        Assert.Contains("already", Assert.Throws<InvalidOperationException>(() => linear.WeightNorm()).Message, StringComparison.Ordinal);

        Assert.Equal("weight_g [4, 1, 1, 1]", Lengths(new Conv2d<double>(2, 4, 3).WeightNorm()));
        Assert.Equal("weight_g [1, 4, 1]", Lengths(new ConvTransposed1d<double>(2, 4, 3).WeightNorm(1)));
        Assert.Equal("weight_g [1, 1, 3]", Lengths(new Conv1d<double>(2, 4, 3).WeightNorm(-1)));
        Assert.Equal("weight_g []", Lengths(new Conv2d<double>(2, 4, 3).WeightNorm(null)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Linear<double>(2, 2).WeightNorm(2));

        static string Lengths(Module<double> module)
        {
            module.Initialize(1);
            NamedParameter<double> g = module.NamedParameters()[1], v = module.NamedParameters()[2];
            Assert.Equal("weight_v", v.Name);
            Assert.Equal(g.Tensor.ToArray().Sum(l => l * l), v.Tensor.ToArray().Sum(e => e * e), 1e-12); // g = ‖v‖ at first
            return $"{g.Name} {g.Parameter.Shape}";
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(null)]
    public void WeightNormIsItsEquation(int? axis)
    {
        Conv2d<double> conv = new Conv2d<double>(2, 3, 2).WeightNorm(axis);
        conv.Initialize(1);
        Tensor<double> b = conv.NamedParameters()[0].Tensor, g = conv.NamedParameters()[1].Tensor, v = conv.NamedParameters()[2].Tensor, x = Random([2, 2, 4, 4], 2), c = Random([2, 3, 3, 3], 3);
        foreach (ref double length in g.AsSpan())
            length *= 1.5;
        int[] others = axis is { } a ? [.. Enumerable.Range(0, 4).Where(i => i != a)] : [0, 1, 2, 3];
        Tensor<double> norms = (v * v).Sum(others, keepAxes: true).Sqrt();
        Tensor<double> weight = v / norms * (axis is null ? g.Reshape([1, 1, 1, 1]) : g);
        Near(Gradients([b, g, v], x.Conv(weight, b), c), Gradients([b, g, v], conv.Forward(x), c), 1e-12);
    }

    [Fact]
    public void CapturedTrainingOfNormalizedWeightsHasTheBitsOfEagerTraining()
    {
        double[] Train(bool capture)
        {
            Sequential<double> model = new(new Linear<double>(4, 6).WeightNorm(), new Tanh<double>(), new Linear<double>(6, 3).WeightNorm(null));
            model.Initialize(1);
            TrainingStep<double> step = new(model, new CrossEntropy<double>(), new Sgd().Create<double>(model.NamedParameters()), new() { Capture = capture });
            for (int i = 0; i < 4; i++)
                step.Run(Random([6, 4], i), Tensor.From(0, 1, 2, 0, 1, 2));
            return [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray())];
        }
        Assert.Equal(Train(capture: false), Train(capture: true));
    }

    [Fact]
    public void InstanceNormFollowsTheMeanOfItsExamples()
    {
        InstanceNorm<double> norm = new(2, affine: true, trackRunningStats: true, momentum: 0.25);
        norm.Initialize(1);
        Assert.Equal(["running_mean", "running_var", "num_batches_tracked"], norm.NamedBuffers().Select(b => b.Name));
        Tensor<double> x = Random([3, 2, 4], 1);
        double[] mean = [0, 0], variance = [1, 1];
        for (int run = 0; run < 2; run++)
        {
            Near([x.InstanceNorm(Tensor.Ones<double>([2]), Tensor.Zeros<double>([2])).ToArray()], [norm.Forward(x).ToArray()], 0);
            for (int channel = 0; channel < 2; channel++)
            {
                double sum = 0, squares = 0;
                for (int example = 0; example < 3; example++)
                {
                    double own = Enumerable.Range(0, 4).Average(i => x[example, channel, i]);
                    sum += own / 3;
                    squares += Enumerable.Range(0, 4).Sum(i => (x[example, channel, i] - own) * (x[example, channel, i] - own)) / 3 / 3; // unbiased
                }
                (mean[channel], variance[channel]) = (0.75 * mean[channel] + 0.25 * sum, 0.75 * variance[channel] + 0.25 * squares);
            }
        }
        Near([mean, variance, [2]], [.. norm.NamedBuffers().Select(b => b.Buffer.ToArray())], 1e-15);
        double[] evaluated = norm.Eval().Forward(x).ToArray();
        Assert.Equal((x[2, 1, 3] - mean[1]) / Math.Sqrt(variance[1] + 1e-5), evaluated[^1], 1e-14);
        Near([mean, variance, [2]], [.. norm.NamedBuffers().Select(b => b.Buffer.ToArray())], 1e-15); // evaluation moves nothing
        Assert.Empty(new InstanceNorm<double>(2).NamedBuffers());
        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new InstanceNorm<double>(2, momentum: 2));
    }

    [Fact]
    public void CapturedInstanceNormMovesItsStatisticsInEachRun()
    {
        double[] Train(bool capture)
        {
            Sequential<double> model = new(new Conv1d<double>(1, 3, 2), new InstanceNorm<double>(3, trackRunningStats: true), new Flatten<double>(), new Linear<double>(12, 2));
            model.Initialize(1);
            TrainingStep<double> step = new(model, new CrossEntropy<double>(), new Sgd().Create<double>(model.NamedParameters()), new() { Capture = capture });
            for (int i = 0; i < 4; i++)
                step.Run(Random([3, 1, 5], i), Tensor.From(0, 1, 1));
            return [.. model.NamedParameters().Select(p => p.Tensor).Concat(model.NamedBuffers().Select(b => b.Buffer)).SelectMany(t => t.ToArray())];
        }
        double[] captured = Train(capture: true);
        Assert.Equal(4, captured[^1]);
        Assert.Equal(Train(capture: false), captured);
    }

    [Fact]
    public void FilesHoldCountsAsIntegersAsTorchDoes()
    {
        BatchNorm1d<float> norm = new(2), other = new(2), third = new(2);
        norm.Initialize(1);
        other.Initialize(2);
        third.Initialize(3);
        for (int i = 0; i < 3; i++)
            norm.Forward(Tensor.From<float>([1, 2, 3, i], [2, 2]));
        using MemoryStream stream = new();
        SafeTensorsWriter writer = new();
        norm.Save(writer);
        writer.WriteTo(stream);
        stream.Position = 0;
        SafeTensorsFile file = SafeTensors.Load(stream, "test");
        Assert.Equal("I64 []", file["num_batches_tracked"].ToString());
        Assert.Equal([3L], file.Read<long>("num_batches_tracked", []));
        Assert.Equal("F32 [2]", file["running_mean"].ToString());
        other.Load(file);
        Assert.Equal(norm.NamedBuffers().SelectMany(b => b.Buffer.ToArray()), other.NamedBuffers().SelectMany(b => b.Buffer.ToArray()));

        // A file whose count has the model's element type, as earlier ones have.
        using MemoryStream old = new();
        SafeTensorsWriter before = new();
        foreach (NamedParameter<float> p in norm.NamedParameters())
            before.Add(p.Name, p.Parameter.Shape.Axes, p.Tensor.AsReadOnlySpan());
        foreach ((string name, Tensor<float> buffer) in norm.NamedBuffers())
            before.Add(name, buffer.Shape.Axes, buffer.AsReadOnlySpan());
        before.WriteTo(old);
        old.Position = 0;
        third.Load(SafeTensors.Load(old, "old"));
        Assert.Equal(3, third.NamedBuffers()[2].Buffer.Item());
    }

    private static double[][] Gradients(Tensor<double>[] leaves, Tensor<double> output, Tensor<double> weights)
    {
        foreach (Tensor<double> leaf in leaves)
            leaf.ZeroGrad();
        (output * weights).Sum().Backward();
        return [output.ToArray(), .. leaves.Select(leaf => leaf.Grad!.ToArray())];
    }

    private static void Near(double[][] expected, double[][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k].Length, actual[k].Length);
            double scale = Math.Max(1, expected[k].Max(Math.Abs));
            for (int i = 0; i < expected[k].Length; i++)
                Assert.InRange(actual[k][i], expected[k][i] - tolerance * scale, expected[k][i] + tolerance * scale);
        }
    }

    private static Tensor<double> Random(Shape shape, int seed)
    {
        var random = new Random(seed);
        return Tensor.From<double>([.. Enumerable.Range(0, shape.Length).Select(_ => random.NextDouble() * 2 - 1)], shape);
    }
}
