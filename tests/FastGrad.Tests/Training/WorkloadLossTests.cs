using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>The first and the twentieth loss of small models, against PyTorch's (through TorchSharp 0.107, float32, one thread; its AdamW decays nothing unless told).</summary>
public sealed class WorkloadLossTests
{
    [Fact]
    public void Xor() => Check(
        new Sequential<float>(new Linear<float>(2, 16), new Tanh<float>(), new Linear<float>(16, 1)),
        new MeanSquaredError<float>(), "sgd", 0.1,
        Tensor.From<float>([0, 0, 0, 1, 1, 0, 1, 1], [4, 2]), Tensor.From<float>([0, 1, 1, 0], [4, 1]),
        0.515304, 0.251396);

    [Fact]
    public void LogisticRegression() => Check(
        new Linear<float>(30, 1), new BinaryCrossEntropy<float>(), "sgd", 0.1,
        Reference.Matrix(Reference.Uniform(64 * 30, 3), 64), Reference.Matrix([.. Reference.Labels(64, 5, 2).Select(l => (float)l)], 64),
        0.691033, 0.627486);

    [Theory]
    [InlineData(64, 2.30963, 0.0540137)]
    [InlineData(256, 2.30356, 0.895218)]
    public void Mlp(int rows, double first, double twentieth) => Check(
        new Sequential<float>(
            new Linear<float>(784, 512), new Relu<float>(), new Linear<float>(512, 256), new Relu<float>(), new Linear<float>(256, 10)),
        new CrossEntropy<float>(), "adamw", 1e-3, // without decay
        Reference.Matrix(Reference.Uniform(rows * 784, 3, 0, 1), rows), Tensor.From<int>(Reference.Labels(rows, 5, 10)),
        first, twentieth);

    private static void Check(Module<float> model, Loss<float> loss, string optimizer, double rate, Tensor<float> inputs, Target<float> target, double first, double twentieth)
    {
        double[] run(bool capture)
        {
            Reference.Fill(model);
            TrainingStep<float> step = new(
                model, loss, OptimizerRegistry.Standard[optimizer].Create<float>(model.NamedParameters(), new OptionValues { { "lr", rate }, { "weight_decay", 0.0 } }), new() { Capture = capture });
            return [.. Enumerable.Range(0, 20).Select(_ => step.Run(inputs, target).Loss)];
        }
        double[] losses = run(capture: false);
        Assert.Equal(1, losses[0] / first, 1e-4);
        Assert.Equal(1, losses[19] / twentieth, 1e-3);
        Assert.Equal(losses, run(capture: true));
    }
}
