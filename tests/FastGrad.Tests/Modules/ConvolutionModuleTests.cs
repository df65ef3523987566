using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Modules;

public sealed class ConvolutionModuleTests
{
    [Fact]
    public void NamesShapesAndRolesAreAsInPyTorch()
    {
        Sequential<float> model = new(
            new Conv2d<float>(4, 6, (3, 2), new() { Groups = 2 }), new Conv1d<float>(4, 6, 5, bias: false),
            new ConvTransposed2d<float>(4, 6, 3, new() { Groups = 2 }), new ConvTransposed1d<float>(4, 6, 2));
        Assert.Equal(
            [
                "0.weight [6, 2, 3, 2] Weight", "0.bias [6] Bias", "1.weight [6, 4, 5] Weight",
                "2.weight [4, 3, 3, 3] Weight", "2.bias [6] Bias", "3.weight [4, 6, 2] Weight", "3.bias [6] Bias",
            ],
            model.NamedParameters().Select(p => p.ToString()));
    }

    /// <summary>Uniform on ±1/√fan_in: all within, and the largest of many near the bound.</summary>
    [Fact]
    public void FirstValuesAreUniformByFanIn()
    {
        Check(new Conv2d<float>(16, 32, 3), 1 / Math.Sqrt(16 * 9));
        Check(new Conv1d<float>(16, 32, 5, new() { Groups = 4 }), 1 / Math.Sqrt(4 * 5));
        Check(new ConvTransposed2d<float>(16, 32, 3), 1 / Math.Sqrt(32 * 9));

        static void Check(Convolution<float> module, double bound)
        {
            module.Initialize(3);
            Assert.InRange(module.Weight.Tensor.ToArray().Max(Math.Abs), 0.97 * bound, bound);
            Assert.InRange(module.Bias!.Tensor.ToArray().Max(Math.Abs), 0.7 * bound, bound);
        }
    }

    [Fact]
    public void ConvolutionSlidesWithoutAFlip()
    {
        Conv2d<double> conv = new(1, 1, 2, new() { Padding = (0, 1) });
        conv.Initialize(1);
        ReadOnlySpan<double> w = [1, 10, 100, 1000];
        w.CopyTo(conv.Weight.Tensor.AsSpan());
        conv.Bias!.Tensor.AsSpan()[0] = 0.5;
        Tensor<double> x = Tensor.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }).Reshape([1, 1, 2, 3]);
        Tensor<double> y = conv.Forward(x);
        Assert.Equal([1, 1, 1, 4], y.Shape.Axes.ToArray());
        Assert.Equal([4010.5, 5421.5, 6532.5, 603.5], y.ToArray());
        Assert.Equal(y.ToArray(), conv.Forward(x.Reshape([1, 2, 3])).ToArray()); // one image, without a batch axis
    }

    [Fact]
    public void TransposedConvolutionSpreadsAndGrows()
    {
        ConvTransposed1d<double> conv = new(1, 1, 3, new() { Stride = 2, OutputPadding = 1 }, bias: false);
        conv.Initialize(1);
        ReadOnlySpan<double> w = [1, 10, 100];
        w.CopyTo(conv.Weight.Tensor.AsSpan());
        Assert.Equal([1, 10, 102, 20, 200, 0], conv.Forward(Tensor.From(1.0, 2).Reshape([1, 1, 2])).ToArray());
    }

    [Fact]
    public void PoolingModulesPool()
    {
        Tensor<double> x = Tensor.From(Enumerable.Range(0, 16).Select(i => (double)i).ToArray(), [1, 4, 4]);
        Assert.Equal([5, 7, 13, 15], new MaxPool2d<double>(2).Forward(x).ToArray());
        Assert.Equal([2.5, 4.5, 10.5, 12.5], new AvgPool2d<double>(2).Forward(x).ToArray());
        Assert.Equal([7.5], new AdaptiveAvgPool2d<double>(1).Forward(x).ToArray());
        Assert.Equal([7, 15], new AdaptiveMaxPool2d<double>((2, 1)).Forward(x).ToArray());
        Assert.Equal([1, 3, 5, 7, 9, 11, 13, 15], new MaxPool1d<double>(2).Forward(x).ToArray());
        Tensor<double> row = Tensor.From(3.0, 6, 9).Reshape([1, 3]);
        Assert.Equal([3, 6, 5], new AvgPool1d<double>(3, 1, 1).Forward(row).ToArray());
        Assert.Equal([4.5, 6, 7.5], new AvgPool1d<double>(3, 1, 1, includePadding: false).Forward(row).ToArray());
        Assert.Equal([6, 9], new AdaptiveMaxPool1d<double>(2).Forward(row).ToArray());
        Assert.Equal([4.5, 7.5], new AdaptiveAvgPool1d<double>(2).Forward(row).ToArray());
        Assert.Equal([2, 6], new Flatten<double>().Forward(Tensor.Zeros<double>([2, 3, 2])).Shape.Axes.ToArray());
        Assert.Equal([2, 3, 2], new Unflatten<double>([3, 2]).Forward(Tensor.Zeros<double>([2, 6])).Shape.Axes.ToArray());
    }

    /// <summary>Every module, captured and eager, on one thread and two: the same losses to the last bit, and they fall.</summary>
    [Fact]
    public void CapturedTrainingHasTheBitsOfEagerTraining()
    {
        double[] eager = Losses(capture: false, threads: 1), captured = Losses(capture: true, threads: 1);
        Assert.Equal(eager, captured);
        Assert.Equal(eager, Losses(capture: true, threads: 2));
        Assert.True(eager[^1] < 0.7 * eager[0], $"from {eager[0]} to {eager[^1]}");

        static double[] Losses(bool capture, int threads)
        {
            using ComputeContext context = new(threads);
            using ComputeContext.Usage _ = context.Use();
            Module<float> model = new Sequential<float>(
                new Conv2d<float>(2, 8, 3, new() { Padding = 1 }), new Relu<float>(), new MaxPool2d<float>(3, 2, 1),
                new Conv2d<float>(8, 8, 3, new() { Padding = 1, Groups = 8 }), new Tanh<float>(), new AvgPool2d<float>(2, 1),
                new ConvTransposed2d<float>(8, 4, 2, new() { Stride = 2 }), new AdaptiveAvgPool2d<float>(2), new Flatten<float>(), new Linear<float>(16, 3)).Initialize(5);
            TrainingStep<float> step = new(
                model, new CrossEntropy<float>(), OptimizerRegistry.Standard["adamw"].Create<float>(model.NamedParameters(), new OptionValues { { "lr", 0.02 } }), new() { Capture = capture });
            Tensor<float> x = Tensor.From<float>(Training.Reference.Uniform(6 * 2 * 9 * 9, 3), [6, 2, 9, 9]);
            Tensor<int> labels = Tensor.From<int>(Training.Reference.Labels(6, 5, 3));
            return [.. Enumerable.Range(0, 25).Select(_ => (double)step.Run(x, labels).Loss)];
        }
    }

    [Fact]
    public void WrongShapesAreNamed()
    {
        Conv2d<float> conv = new(3, 4, 3);
        conv.Initialize(1);
        string message = Assert.Throws<ArgumentException>(() => conv.Forward(Tensor.Zeros<float>([2, 2, 8, 8]))).Message;
        Assert.Contains("[2, 2, 8, 8]", message, StringComparison.Ordinal);
        Assert.Contains("[4, 3, 3, 3]", message, StringComparison.Ordinal);
        Assert.Contains("spans 3", Assert.Throws<ArgumentException>(() => conv.Forward(Tensor.Zeros<float>([2, 3, 2, 8]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("options", () => new Conv2d<float>(3, 4, 3, new() { Groups = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>("inputs", () => new Conv1d<float>(0, 4, 3));
        Assert.Throws<ArgumentOutOfRangeException>("kernel", () => new Conv2d<float>(3, 4, (3, 0)));
        Assert.Throws<ArgumentException>(() => new ConvTransposed1d<float>(3, 4, 3, new() { OutputPadding = 1 }).Initialize(1).Forward(Tensor.Zeros<float>([1, 3, 5])));
        Assert.Throws<ArgumentException>(() => new MaxPool2d<float>(3).Forward(Tensor.Zeros<float>([1, 2, 5])));
        Assert.Throws<ArgumentException>("windows", () => Tensor.Zeros<float>([1, 5, 5]).AvgPool(PoolWindows.Sliding(2, 2, dilation: 2)));
    }
}
