using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Initialization;
using FastGrad.Modules;
using FastGrad.Serialization;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;
using Xunit;

namespace FastGrad.Tests.Inference;

public sealed class TrainedModelTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");

    public void Dispose() => File.Delete(_file);

    private static TrainedModel<T> Fit<T>(string name, int epochs = 3)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => Model.Fit(BuiltInData.Load<T>(name), new() { Epochs = epochs, Seed = 2 }).Model;

    [Theory]
    [InlineData("iris")]
    [InlineData("diabetes")]
    public void SavedAndLoadedItPredictsTheSameBits(string name)
    {
        TrainedModel<double> model = Fit<double>(name);
        string sha = model.Save(_file);
        byte[] bytes = File.ReadAllBytes(_file);
        TrainedModel<double> loaded = TrainedModel<double>.Load(_file);
        ReadOnlySpan<double> features = BuiltInData.Load<double>(name).Features;
        Assert.Equal(model.Predict(features), loaded.Predict(features));
        Assert.Equal(sha, loaded.Save(_file));
        Assert.Equal(bytes, File.ReadAllBytes(_file));
        ModelDescription description = ModelDescription.Load(_file);
        Assert.Equal(("float64", model.Description.Architecture), (description.Precision, description.Architecture));
        Assert.Equal(model.Description.FeatureNames, description.FeatureNames);
        Assert.Equal(model.Description.LabelNames, description.LabelNames);
        Assert.Equal(["0.bias", "0.weight", "2.bias", "2.weight"], SafeTensors.Load(_file).Entries.Select(e => e.Name).Where(n => char.IsDigit(n[0])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ItSpeaksOriginalUnits()
    {
        // y = 1000 + 50x, x around 20: a linear model in scaled units must answer in thousands.
        float[] x = [.. Enumerable.Range(0, 64).Select(i => 15 + i * 0.15f)], y = [.. x.Select(v => 1000 + 50 * v)];
        TrainedModel<float> model = Model.Fit(DataSet<float>.Regression(x, 1, y), new() { Model = "linear", HeldOut = 0, OptimizerOptions = new() { { "weight_decay", 0.0 } } }).Model;
        Assert.InRange(model.Predict([20f])[0], 1995, 2005);
        Assert.InRange(model.Predict([30f])[0], 2490, 2510);
        Assert.InRange(model.Evaluate(DataSet<float>.Regression(x, 1, y)).R2!.Value, 0.9999, 1);
    }

    [Fact]
    public void ProbabilitiesSumToOneAndNameTheClass()
    {
        DataSet<float> iris = BuiltInData.Load<float>("iris");
        TrainedModel<float> model = Fit<float>("iris", 60);
        float[] p = model.Predict(iris.Features);
        int[] labels = new int[150];
        model.Classify(iris.Features, labels);
        int hits = 0;
        for (int row = 0; row < 150; row++)
        {
            Assert.Equal(1, p[3 * row] + p[3 * row + 1] + p[3 * row + 2], 1e-6f);
            Assert.Equal(p.AsSpan(3 * row, 3).ToArray().Max(), p[3 * row + labels[row]]);
            Assert.Equal(labels[row], model.Classify(iris.Row(row)));
            hits += labels[row] == iris.Labels[row] ? 1 : 0;
        }
        Evaluation evaluation = model.Evaluate(iris);
        Assert.Equal(hits / 150.0, evaluation.Accuracy);
        Assert.Equal(150, evaluation.Confusion!.Cast<int>().Sum());
        Assert.Equal(hits, evaluation.Confusion![0, 0] + evaluation.Confusion[1, 1] + evaluation.Confusion[2, 2]);
        Assert.True(hits > 140);
        Assert.Equal(iris.LabelNames[labels[0]], model.LabelOf(iris.Row(0)));
    }

    [Fact]
    public void OfEqualClassesTheFirstIsChosen()
    {
        Linear<float> even = new(2, 3, weightInitializer: Initializers.Zeros<float>(), biasInitializer: Initializers.Zeros<float>());
        TrainedModel<float> model = new(even.Initialize(0), new() { Task = TargetKind.Classification, FeatureNames = ["a", "b"], LabelNames = ["x", "y", "z"], TargetNames = ["t"], Precision = "float32" });
        Assert.Equal("x", model.LabelOf([1, 2]));
        Assert.Equal([1 / 3f, 1 / 3f, 1 / 3f], model.Predict([1, 2]));
    }

    [Fact]
    public void ConcurrentCallersGetTheSameBits()
    {
        DataSet<float> digits = BuiltInData.Load<float>("digits");
        TrainedModel<float> model = Fit<float>("digits");
        float[] expected = model.Predict(digits.Features);
        int rows = 0;
        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            // Two rows at least: the product of a single one has lanes instead of a chain, see Gemm.
            int row = i * 4 % 1700, count = i % 7 + 2;
            float[] answer = model.Predict(digits.Features.Slice(row * 64, count * 64));
            Assert.Equal(expected.AsSpan(row * 10, count * 10).ToArray(), answer);
            Interlocked.Add(ref rows, count);
        });
        Assert.True(rows >= 400);
    }

    [Fact]
    public void AModelOfOnesOwnIsSavedAndFilled()
    {
        static Module<float> own() => new Sequential<float>(new Linear<float>(2, 4), new Tanh<float>(), new Linear<float>(4, 1));
        ModelDescription description = new() { Task = TargetKind.Regression, FeatureNames = ["a", "b"], TargetNames = ["y"], Precision = "float32" };
        TrainedModel<float> model = new(own().Initialize(3), description);
        model.Save(_file);
        Assert.Contains("expected the module to fill", Assert.Throws<ArgumentException>(() => TrainedModel<float>.Load(_file)).Message, StringComparison.Ordinal);
        Assert.Equal(model.Predict([1, 2]), TrainedModel<float>.Load(_file, own()).Predict([1, 2]));
    }

    [Fact]
    public void AFileThatIsNoModelIsRefusedByEntry()
    {
        TrainedModel<float> model = Fit<float>("iris");
        void refused(string expected, Action<SafeTensorsWriter> change, Func<string, bool>? keep = null)
        {
            model.Save(_file);
            SafeTensorsFile file = SafeTensors.Load(_file);
            SafeTensorsWriter writer = new();
            foreach (SafeTensorsEntry entry in file.Entries.Where(e => keep?.Invoke(e.Name) ?? true))
            {
                int[] shape = [.. entry.Shape.Select(l => (int)l)];
                if (entry.Type == SafeTensorsType.F64)
                    writer.Add<double>(entry.Name, shape, file.Read<double>(entry.Name, shape));
                else
                    writer.Add<float>(entry.Name, shape, file.Read<float>(entry.Name, shape));
            }
            foreach ((string key, string text) in file.Metadata)
                writer.SetMetadata(key, text);
            change(writer);
            writer.Save(_file);
            string message = Assert.Throws<InvalidDataException>(() => TrainedModel<float>.Load(_file)).Message;
            Assert.StartsWith(_file, message, StringComparison.Ordinal);
            Assert.Contains(expected, message, StringComparison.Ordinal);
        }
        string metadata = MetadataOf(model);
        refused("no tensor '2.bias'", _ => { }, name => name != "2.bias");
        refused("'2.bias' is F32 [4]; expected F32 [3]", w => w.Add<float>("2.bias", [4], [1, 2, 3, 4]), name => name != "2.bias");
        refused("'2.bias' holds NaN at 1", w => w.Add<float>("2.bias", [3], [1, float.NaN, 3]), name => name != "2.bias");
        refused("does not describe a model", w => w.SetMetadata("fastgrad.model", "{"));
        refused("does not describe a model", w => w.SetMetadata("fastgrad.model", "{}"));
        refused("version 2", w => w.SetMetadata("fastgrad.model", metadata.Replace("\"format_version\":1", "\"format_version\":2", StringComparison.Ordinal)));
        refused("float64; expected float32", w => w.SetMetadata("fastgrad.model", metadata.Replace("float32", "float64", StringComparison.Ordinal)));
        refused("task is 'poetry'", w => w.SetMetadata("fastgrad.model", metadata.Replace("\"classification\"", "\"poetry\"", StringComparison.Ordinal)));
        refused("Did you mean 'relu'", w => w.SetMetadata("fastgrad.model", metadata.Replace("\"relu\"", "\"rely\"", StringComparison.Ordinal)));
        refused("4 features", w => w.SetMetadata("fastgrad.model", metadata.Replace("\"inputs\":4", "\"inputs\":5", StringComparison.Ordinal)));
        refused("'features.std'", _ => { }, name => name != "features.std");
    }

    [Fact]
    public void WrongShapesGetASentence()
    {
        TrainedModel<float> model = Fit<float>("iris");
        Assert.Contains("rows of 4", Assert.Throws<ArgumentException>(() => model.Predict([1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("one row of 4", Assert.Throws<ArgumentException>(() => model.Classify(new float[8])).Message, StringComparison.Ordinal);
        Assert.Contains("need 3", Assert.Throws<ArgumentException>(() => model.Predict(new float[4], new float[2])).Message, StringComparison.Ordinal);
        Assert.Empty(model.Predict([]));
        Assert.Throws<InvalidOperationException>(() => Fit<float>("diabetes").LabelOf(new float[10]));
        Assert.Throws<ArgumentException>(() => model.Evaluate(BuiltInData.Load<float>("wine")));
    }

    private static string MetadataOf(TrainedModel<float> model)
    {
        string file = Path.GetTempFileName();
        model.Save(file);
        string text = SafeTensors.Load(file).MetadataOf("fastgrad.model");
        File.Delete(file);
        return text;
    }
}
