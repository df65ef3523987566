using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>A model that has diverged is right about nothing.</summary>
public class DivergedTests
{
    [Fact]
    public void ItIsNotSavedAsAModel()
    {
        float[] x = [.. Enumerable.Range(0, 40).Select(i => (float)i)];
        TrainedModel<float> model = Model.Fit(DataSet<float>.Regression(x, 1, x), new FitOptions { Model = "linear", Optimizer = "sgd", OptimizerOptions = new() { { "lr", 1e30 } }, Epochs = 3 }).Model;
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Contains("diverged", Assert.Throws<ArithmeticException>(() => model.Save(path)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARowOfNaNIsNoHitForTheFirstClass(bool capture)
    {
        Linear<float> model = new(1, 2);
        model.Initialize(1);
        model.NamedParameters()[0].Tensor.AsSpan().Fill(float.NaN);
        TrainingStep<float> step = new(
            model, new CrossEntropy<float>(), OptimizerRegistry.Standard["sgd"].Create<float>(model.NamedParameters()), new() { CountCorrect = true, Capture = capture });
        Assert.Equal(0, step.Run(Tensor.From<float>([1, 2], [2, 1]), Tensor.From<int>(0, 0)).Correct);
    }
}
