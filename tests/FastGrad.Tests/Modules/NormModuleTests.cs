using FastGrad.Autograd;
using FastGrad.Kernels.Philox;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Modules;

/// <summary>Norms as modules: names as in PyTorch, running statistics, capture, mistakes; gradients against a composition.</summary>
public sealed class NormModuleTests
{
    [Fact]
    public void Names_are_those_of_PyTorch()
    {
        Sequential<float> model = new(new Linear<float>(3, 4), new BatchNorm1d<float>(4), new LayerNorm<float>([4]), new RmsNorm<float>([4]), new GroupNorm<float>(2, 4), new WeightNorm<float>(4, 2));
        Assert.Equal(
            ["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias", "3.weight", "4.weight", "4.bias", "5.weight_g", "5.weight_v", "5.bias"],
            model.NamedParameters().Select(p => p.Name));
        Assert.Equal(["1.running_mean", "1.running_var", "1.num_batches_tracked"], model.NamedBuffers().Select(b => b.Name));
        Assert.Empty(new InstanceNorm<float>(4).NamedParameters());
        Assert.Empty(new BatchNorm2d<float>(4, affine: false, trackRunningStats: false).NamedBuffers());
    }

    /// <summary>r ← 0.9·r + 0.1·s by hand: the mean, and the variance divided by n − 1.</summary>
    [Fact]
    public void Running_statistics_move_in_training_alone()
    {
        BatchNorm1d<double> norm = new(2);
        norm.Initialize(1);
        Tensor<double> x = Tensor.From<double>([1, 10, 3, 20, 5, 60], [3, 2]);
        norm.Forward(x);
        var buffers = norm.NamedBuffers();
        Assert.Equal([0.1 * 3, 0.1 * 30], buffers[0].Buffer.ToArray(), (a, b) => Math.Abs(a - b) < 1e-14);
        Assert.Equal([0.9 + 0.1 * 4, 0.9 + 0.1 * 700], buffers[1].Buffer.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(1, buffers[2].Buffer.Item());
        norm.Eval();
        double y = norm.Forward(x)[0, 0];
        Assert.Equal((1 - 0.3) / Math.Sqrt(1.3 + 1e-5), y, 1e-14);
        Assert.Equal(1, buffers[2].Buffer.Item());

        // Without a momentum: the plain mean over batches.
        BatchNorm1d<double> plain = new(2, momentum: null);
        plain.Initialize(1);
        plain.Forward(x);
        plain.Forward(Tensor.From<double>([7, 0, 9, 0, 11, 0], [3, 2]));
        Assert.Equal(6, plain.NamedBuffers()[0].Buffer[0], 1e-14);
        plain.ResetRunningStats();
        Assert.Equal([0, 0], plain.NamedBuffers()[0].Buffer.ToArray());
    }

    [Fact]
    public void Captured_and_eager_training_give_the_same_bits_and_statistics()
    {
        Assert.Equal(Train(capture: false), Train(capture: true));

        static float[] Train(bool capture)
        {
            Sequential<float> model = new(
                new Linear<float>(3, 8), new BatchNorm1d<float>(8), new Relu<float>(), new LayerNorm<float>([8]), new RmsNorm<float>([8]), new GroupNorm<float>(2, 8), new WeightNorm<float>(8, 1));
            model.Initialize(3);
            TrainingStep<float> step = new(model, new MeanSquaredError<float>(), OptimizerRegistry.Standard["adam"].Create<float>(model.NamedParameters()), new() { Capture = capture });
            for (int i = 0; i < 7; i++)
            {
                int rows = i % 3 == 2 ? 4 : 9;
                step.Run(
                    Tensor.From<float>([.. Enumerable.Range(0, rows * 3).Select(k => MathF.Sin(k + i))], [rows, 3]),
                    Tensor.From<float>([.. Enumerable.Range(0, rows).Select(k => MathF.Cos(k))], [rows, 1]));
            }
            float[] count = model.NamedBuffers()[2].Buffer.ToArray();
            Assert.Equal(7, count[0]);
            return [.. model.NamedParameters().SelectMany(p => p.Tensor.ToArray()), .. model.NamedBuffers().SelectMany(b => b.Buffer.ToArray())];
        }
    }

    /// <summary>A checkpointed segment runs twice; its running statistics move once.</summary>
    [Fact]
    public void A_checkpoint_moves_statistics_once()
    {
        BatchNorm1d<double> norm = new(4), plain = new(4);
        norm.Initialize(1);
        plain.Initialize(1);
        Tensor<double> x = Doubles([5, 4], 1), y = x.Clone();
        (x.RequiresGrad, y.RequiresGrad) = (true, true);
        Transforms.Checkpoint<double>(norm.Forward)(x).Square().Sum().Backward();
        plain.Forward(y).Square().Sum().Backward();
        Assert.Equal(y.Grad!.ToArray(), x.Grad!.ToArray());
        Assert.Equal(plain.NamedBuffers().SelectMany(b => b.Buffer.ToArray()), norm.NamedBuffers().SelectMany(b => b.Buffer.ToArray()));
    }

    [Fact]
    public void A_file_brings_the_statistics_back()
    {
        BatchNorm2d<float> norm = new(3), other = new(3);
        norm.Initialize(1);
        other.Initialize(2);
        norm.Forward(Random([4, 3, 2, 2]));
        other.CopyFrom(norm);
        norm.Eval();
        other.Eval();
        Tensor<float> x = Random([2, 3, 2, 2]);
        Assert.Equal(norm.Forward(x).ToArray(), other.Forward(x).ToArray());
    }

    /// <summary>Gradients of the fused kernels against the formula in elementary operators, to 1e-12.</summary>
    [Fact]
    public void Gradients_are_those_of_elementary_operators()
    {
        Tensor<double> x = Doubles([6, 4, 3], 1), w = Doubles([4], 2), b = Doubles([4], 3), c = Doubles([6, 4, 3], 4);
        Tensor<double> row = Doubles([3], 5), shift = Doubles([3], 6);
        Agree(
            t => t[0].BatchNorm(t[1], t[2], out _, out _),
            t =>
            {
                Tensor<double> centred = t[0] - t[0].Mean([0, 2], keepAxes: true);
                return centred / (centred.Square().Mean([0, 2], keepAxes: true) + 1e-5).Sqrt() * t[1].Reshape([1, 4, 1]) + t[2].Reshape([1, 4, 1]);
            },
            c, x, w, b);
        Agree(
            t => t[0].LayerNorm(t[1], t[2]),
            t =>
            {
                Tensor<double> centred = t[0] - t[0].Mean([2], keepAxes: true);
                return centred / (centred.Square().Mean([2], keepAxes: true) + 1e-5).Sqrt() * t[1] + t[2];
            },
            c, x, row, shift);

        static void Agree(Func<Tensor<double>[], Tensor<double>> fused, Func<Tensor<double>[], Tensor<double>> composed, Tensor<double> c, params Tensor<double>[] inputs)
        {
            double[][] Gradients(Func<Tensor<double>[], Tensor<double>> f)
            {
                Tensor<double>[] leaves = [.. inputs.Select(t => t.Clone())];
                foreach (Tensor<double> leaf in leaves)
                    leaf.RequiresGrad = true;
                (f(leaves) * c).Sum().Backward();
                return [.. leaves.Select(leaf => leaf.Grad!.ToArray())];
            }
            foreach ((double[] a, double[] e) in Gradients(fused).Zip(Gradients(composed)))
            {
                double scale = e.Max(Math.Abs);
                for (int i = 0; i < a.Length; i++)
                    Assert.InRange(a[i], e[i] - 1e-12 * scale, e[i] + 1e-12 * scale);
            }
        }
    }

    [Fact]
    public void Weight_norm_begins_as_its_direction()
    {
        WeightNorm<double> norm = new(3, 2);
        norm.Initialize(5);
        Tensor<double> v = norm.NamedParameters()[1].Tensor, g = norm.NamedParameters()[0].Tensor, b = norm.NamedParameters()[2].Tensor;
        Assert.Equal(Math.Sqrt(v[0, 0] * v[0, 0] + v[0, 1] * v[0, 1] + v[0, 2] * v[0, 2]), g[0, 0], 1e-15);
        Assert.Equal(v[1, 2] + b[1], norm.Forward(Tensor.From<double>([0, 0, 1], [1, 3]))[0, 1], 1e-15);
    }

    [Fact]
    public void Inputs_that_do_not_fit_get_a_sentence()
    {
        Assert.Contains("[N, 4, H, W]", Assert.Throws<ArgumentException>(() => Ready(new BatchNorm2d<float>(4)).Forward(Random([2, 3, 2, 2]))).Message);
        Assert.Contains("no variance", Assert.Throws<ArgumentException>(() => Ready(new BatchNorm1d<float>(4)).Forward(Random([1, 4]))).Message);
        Assert.Contains("[..., 4]", Assert.Throws<ArgumentException>(() => Ready(new LayerNorm<float>([4])).Forward(Random([2, 3]))).Message);
        Assert.Contains("divisor", Assert.Throws<ArgumentException>(() => new GroupNorm<float>(3, 4)).Message);
        Assert.Contains("no variance", Assert.Throws<ArgumentException>(() => new InstanceNorm<float>(4).Forward(Random([2, 4, 1]))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNorm1d<float>(4, momentum: 2));
        Assert.Contains("without a weight", Assert.Throws<ArgumentException>(() => Random([2, 3]).LayerNorm(null, Random([3]))).Message);
    }

    private static Module<float> Ready(Module<float> module) => module.Initialize(1);

    private static Tensor<float> Random(Shape shape)
    {
        float[] values = new float[shape.Length];
        new PhiloxStream(7, 1).FillUniform<float>(values, -1, 1);
        return Tensor.From<float>(values, shape);
    }

    private static Tensor<double> Doubles(Shape shape, ulong stream)
    {
        double[] values = new double[shape.Length];
        new PhiloxStream(7, stream).FillUniform<double>(values, -1, 1);
        return Tensor.From<double>(values, shape);
    }
}
