using FastGrad.Data;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;
using Xunit;

namespace FastGrad.Tests.Training;

public sealed class FitTests
{
    // Means over twenty splits, first values and orders, never one lucky seed.
    [Theory]
    [InlineData("digits", "mlp", 0.97)]
    [InlineData("iris", "mlp", 0.94)]
    [InlineData("wine", "mlp", 0.96)]
    [InlineData("breast-cancer", "mlp", 0.96)]
    [InlineData("diabetes", "mlp", 0.45)]
    [InlineData("iris", "linear", 0.94)]
    [InlineData("wine", "linear", 0.96)]
    [InlineData("breast-cancer", "linear", 0.96)]
    [InlineData("diabetes", "linear", 0.45)]
    public void DefaultsGeneralise(string name, string model, double bar)
    {
        DataSet<float> data = BuiltInData.Load<float>(name);
        double mean = Enumerable.Range(0, 20).Average(seed =>
        {
            FitResult<float> fit = Model.Fit(data, new() { Model = model, Seed = (ulong)seed });
            return fit.HeldOut!.Accuracy ?? fit.HeldOut.R2!.Value;
        });
        Assert.True(mean >= bar, $"{name}, {model}: {mean:F4}, expected at least {bar}");
    }

    [Fact]
    public void RowsHeldOutAreNotSeen()
    {
        // Scaling and training read the training rows alone: other held-out features change nothing but the evaluation.
        DataSet<float> iris = BuiltInData.Load<float>("iris");
        Fitting<float> fitting = new(iris, new() { Epochs = 2 });
        Assert.Equal((120, 30), (fitting.TrainData.Rows, fitting.HeldOutData!.Rows));
        float[] features = iris.Features.ToArray();
        HashSet<string> train = [.. Enumerable.Range(0, 120).Select(i => string.Join(' ', fitting.TrainData.Row(i).ToArray()))];
        for (int row = 0; row < 150; row++)
        {
            if (!train.Contains(string.Join(' ', iris.Row(row).ToArray())))
                features.AsSpan(row * 4, 4).Fill(1000);
        }
        Fitting<float> other = new(DataSet<float>.Classification(features, 4, iris.Labels, iris.LabelNames, iris.FeatureNames), new() { Epochs = 2 });
        float[] probe = [5, 3, 4, 1];
        Assert.Equal(fitting.Run().Model.Predict(probe), other.Run().Model.Predict(probe));
    }

    [Fact]
    public void TargetsHeldOutAreNotSeen()
    {
        // The split goes by the targets' order, which half a step does not change.
        double[] features = [.. Enumerable.Range(0, 40).Select(i => (double)(i * 7 % 40))], targets = [.. Enumerable.Range(0, 40).Select(i => (double)i)];
        FitOptions options = new() { Epochs = 2 };
        Fitting<double> fitting = new(DataSet<double>.Regression(features, 1, targets), options);
        foreach (double heldOut in fitting.HeldOutData!.Targets)
            targets[(int)heldOut] += 0.5;
        Fitting<double> other = new(DataSet<double>.Regression(features, 1, targets), options);
        Assert.NotEqual(fitting.HeldOutData.Targets.ToArray(), other.HeldOutData!.Targets.ToArray());
        Assert.Equal(fitting.Run().Model.Predict([3]), other.Run().Model.Predict([3]));
    }

    [Fact]
    public void NothingHeldOutMeansNoEvaluation() => Assert.Null(Model.Fit(BuiltInData.Load<float>("iris"), new() { Epochs = 1, HeldOut = 0 }).HeldOut);

    [Fact]
    public void AHugeNameOfTheOnlyClassStaysAShortMessage()
    {
        DataSet<float> one = DataSet<float>.Classification([1, 2, 3], 1, [0, 0, 0], [new string('z', 100_000)]);
        string message = Assert.Throws<ArgumentException>(() => new Fitting<float>(one)).Message;
        Assert.Contains("one class", message, StringComparison.Ordinal);
        Assert.True(message.Length < 300, $"{message.Length} characters");
    }
}
