using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Serialization;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>What is evaluated and saved are the averaged weights, with statistics that belong to them; what goes on training is not.</summary>
public sealed class EvaluationStateTests : IDisposable
{
    private const int Rows = 40, Columns = 3, Width = 4, Batch = 16;

    private readonly string _folder = Directory.CreateTempSubdirectory("fastgrad").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static OptimizerSettings With(string wrapper, string options) =>
        new() { Wrappers = [WrapperRegistry.Standard[wrapper].Bind(OptionValues.Parse(options.Split(' ')))] };

    /// <summary>Means of weights and of batch statistics, computed again from the weights that a callback saw.</summary>
    [Theory]
    [InlineData("swa", "start=3 every=2")]
    [InlineData("ema", "decay=0.7")]
    public void Averages_come_with_their_own_statistics(string wrapper, string options)
    {
        DataSet<double> data = Data(Rows, 0), heldOut = Data(9, 5);
        Sequential<double> model = new(new Linear<double>(Columns, Width), new BatchNorm1d<double>(Width), new Relu<double>(), new Linear<double>(Width, 1));
        model.Initialize(2);
        Watch watch = new(model);
        Trainer<double> trainer = new(
            model, new MeanSquaredError<double>(), data,
            new() { Epochs = 3, BatchSize = Batch, Optimizer = "sgd", OptimizerOptions = new() { { "lr", 0.1 } }, Settings = With(wrapper, options) });
        trainer.Add(watch);
        TrainingProgress last = trainer.Run(heldOut: heldOut).Last;
        double[][] average = watch.Average(wrapper), before = Everything(model);

        using (trainer.UseEvaluationState())
        {
            double[][] now = Everything(model);
            for (int p = 0; p < average.Length; p++)
                Near(average[p], now[p], 1e-12);
            // update_bn: means over batches of each batch's mean and unbiased variance of what the linear map gives.
            (int From, int To)[] batches = [(0, 20), (20, 40)];
            for (int c = 0; c < Width; c++)
            {
                double[][] z = [.. batches.Select(b => Enumerable.Range(b.From, b.To - b.From).Select(r => average[1][c] + Enumerable.Range(0, Columns).Sum(j => average[0][c * Columns + j] * data.Row(r)[j])).ToArray())];
                Assert.Equal(z.Average(b => b.Average()), now[^3][c], 1e-12);
                Assert.Equal(z.Average(b => b.Sum(v => (v - b.Average()) * (v - b.Average())) / (b.Length - 1)), now[^2][c], 1e-12);
            }
            Assert.Equal(2, now[^1][0]);
            Assert.False(model.IsTraining);
            Assert.Throws<InvalidOperationException>(trainer.UseEvaluationState);
            Tensor<double> y = model.Invoke(Tensor.From(heldOut.Features, [heldOut.Rows, Columns]));
            double loss = y.ToArray().Zip(heldOut.Targets.ToArray()).Average(p => (p.First - p.Second) * (p.First - p.Second));
            Assert.Equal(loss, last.HeldOut!.Loss, 1e-12); // the evaluation at the end of the epoch saw the same
        }
        Assert.True(model.IsTraining);
        Assert.Equal(before.SelectMany(v => v), Everything(model).SelectMany(v => v));
        Assert.NotEqual(before[0], average[0]);
    }

    /// <summary>The file of a model holds the average, not the weights that training moves.</summary>
    [Fact]
    public void A_saved_snapshot_is_the_average()
    {
        DataSet<double> data = BuiltInData.Load<double>("diabetes");
        Fitting<double> fitting = new(data, new() { Model = "linear", Epochs = 2, Settings = With("ema", "decay=0.9") });
        double[][] average = Everything(fitting.Trainer.Model);
        fitting.Trainer.Add(new EveryUpdates<double>(1, t => average = [.. average.Zip(Everything(t.Model), (a, w) => a.Zip(w, (x, y) => 0.9 * x + 0.1 * y).ToArray())]));
        fitting.Run();
        CheckpointFolder folder = new(_folder);
        fitting.Save(folder);
        double[][] training = Everything(fitting.Trainer.Model);

        double[] saved = folder.Open("model.safetensors").Read<double>("0.weight", [1, 10]);
        Near(average[0], saved, 1e-12);
        Assert.NotEqual(training[0], saved);
        Assert.Equal(training[0], folder.Open("checkpoint.safetensors").Read<double>("0.weight", [1, 10]));
        // And the model that comes out of the file answers as the average does: scaled back from its standardised target.
        TrainedModel<double> model = TrainedModel<double>.Load(folder.Open("model.safetensors"));
        double[] row = data.Row(3).ToArray();
        double[] mean = folder.Open("model.safetensors").Read<double>("features.mean", [10]), deviation = folder.Open("model.safetensors").Read<double>("features.std", [10]);
        double z = average[1][0] + row.Select((x, j) => (x - mean[j]) / deviation[j] * average[0][j]).Sum();
        double answer = z * folder.Open("model.safetensors").Read<double>("targets.std", [1])[0] + folder.Open("model.safetensors").Read<double>("targets.mean", [1])[0];
        Assert.Equal(answer, model.Predict(row)[0], 1e-9 * Math.Abs(answer));
    }

    /// <summary>Looking at the model changes nothing of its training.</summary>
    [Fact]
    public void Evaluations_on_the_way_leave_no_trace()
    {
        string Train(bool evaluate)
        {
            Sequential<double> model = new(new Linear<double>(Columns, Width), new BatchNorm1d<double>(Width), new Dropout<double>(0.3, 1), new Linear<double>(Width, 1));
            Trainer<double> trainer = new(model, new MeanSquaredError<double>(), Data(Rows, 0), new() { Epochs = 4, BatchSize = Batch, Settings = With("ema", "decay=0.7") });
            trainer.Run(heldOut: evaluate ? Data(9, 5) : null);
            return trainer.Save(Path.Combine(_folder, "c"));
        }
        Assert.Equal(Train(false), Train(true));
    }

    [Fact]
    public void Statistics_are_means_over_batches_whatever_the_momentum()
    {
        BatchNorm1d<double> norm = new(1, momentum: 0.9);
        Sequential<double> model = new(norm, new Dropout<double>(0.5, 1));
        model.Initialize(0);
        norm.Eval(); // one module's mode differs from its parent's
        model.UpdateBatchNorm([Tensor.From<double>([1, 3], [2, 1]), Tensor.From<double>([10, 10, 16], [3, 1])]);
        Assert.Equal([(2.0 + 12) / 2], model.NamedBuffers()[0].Buffer.ToArray());
        Assert.Equal([(2.0 + 12) / 2], model.NamedBuffers()[1].Buffer.ToArray()); // unbiased: 2 and 12
        Assert.Equal([2.0], model.NamedBuffers()[2].Buffer.ToArray());
        Assert.Equal([0.0, 0], model.NamedBuffers()[3].Buffer.ToArray()); // no mask was drawn
        Assert.True(model.IsTraining);
        Assert.False(norm.IsTraining);
        Assert.Throws<ArgumentException>(() => model.UpdateBatchNorm([]));
        new Linear<double>(1, 1).UpdateBatchNorm([]); // nothing to take
    }

    private static double[][] Everything(Module<double> model) =>
        [.. model.NamedParameters().Select(p => p.Tensor.ToArray()), .. model.NamedBuffers().Select(b => b.Buffer.ToArray())];

    private static DataSet<double> Data(int rows, int shift)
    {
        double[] x = [.. Enumerable.Range(shift, rows * Columns).Select(i => i * 37 % 41 / 20.0 - 1)];
        return DataSet<double>.Regression(x, Columns, [.. Enumerable.Range(0, rows).Select(r => x[r * Columns] * x[r * Columns + 1] + 0.3 * x[r * Columns + 2])]);
    }

    private static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }

    private sealed class Watch(Module<double> model) : TrainingCallback<double>
    {
        private readonly double[][] _start = Weights(model);
        private readonly List<double[][]> _seen = [];

        public override void OnUpdate(Trainer<double> trainer, in TrainingProgress progress) => _seen.Add(Weights(trainer.Model));

        public double[][] Average(string wrapper) => [.. _start.Select((first, p) => first.Select((x, i) => wrapper == "swa"
            ? _seen.Where((_, update) => update + 1 > 3 && (update + 1 - 3) % 2 == 0).Average(w => w[p][i])
            : _seen.Aggregate(x, (a, w) => 0.7 * a + 0.3 * w[p][i])).ToArray())];

        private static double[][] Weights(Module<double> model) => [.. model.NamedParameters().Select(p => p.Tensor.ToArray())];
    }
}
