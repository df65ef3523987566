using FastGrad.Autograd;
using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;
using Xunit;

namespace FastGrad.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".safetensors");

    private static DataSet<float> Iris => BuiltInData.Load<float>("iris");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void ProgressTellsEveryUpdate()
    {
        Fitting<float> fitting = new(Iris, new() { Epochs = 3, BatchSize = 50, Seed = 1 });
        Log log = new();
        FitResult<float> result = fitting.Run(log, evaluateEpochs: true);
        // 120 rows in batches of 50: three a epoch, the last one of 20.
        Assert.Equal([(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (3, 3)], log.Reports.Select(p => ((int)p.Epoch, p.Batch)));
        Assert.Equal(Enumerable.Range(1, 9).Select(i => (long)i), log.Reports.Select(p => p.Updates));
        Assert.Equal(3, log.Reports.Count(p => p.HeldOut is not null));
        Assert.Equal(result.HeldOut!.Accuracy, log.Reports[^1].HeldOut!.Accuracy);
        TrainingProgress[] first = [.. log.Reports.Take(3)];
        Assert.Equal((50 * first[0].BatchLoss + 50 * first[1].BatchLoss + 20 * first[2].BatchLoss) / 120, first[2].Loss, 1e-12);
        // The cosine runs over all nine updates: update t takes ½(1 + cos(πt/9)) of the rate.
        for (int t = 0; t < 9; t++)
            Assert.Equal(fitting.Defaults.LearningRate * 0.5 * (1 + Math.Cos(Math.PI * t / 9)), log.Reports[t].LearningRate, 1e-12);
        Assert.True(result.Training.Last.Loss < first[2].Loss);
    }

    [Theory]
    [InlineData("sgd", 1, 0)]
    [InlineData("adamw", 3, 0)]
    [InlineData("rmsprop", 1, 0.05)]
    public void AResumedTrainingIsTheUninterruptedOne(string optimizer, int accumulation, double radius)
    {
        FitOptions options = new() { Epochs = 4, BatchSize = 16, Seed = 3, Optimizer = optimizer, Accumulation = accumulation, SharpnessRadius = radius, Schedule = "warmup-cosine" };
        Fitting<float> whole = new(Iris, options);
        TrainingProgress last = whole.Run().Training.Last;
        string expected = whole.Trainer.Save(_file);

        Fitting<float> first = new(Iris, options);
        using CancellationTokenSource cancel = new();
        FitResult<float> half = first.Run(new Log(p => { if (p.Epoch == 2 && p.Batch >= 4) cancel.Cancel(); }), cancellation: cancel.Token);
        Assert.Equal(TrainingStatus.Cancelled, half.Training.Status);
        Assert.Equal(2, half.Training.Last.Epoch);
        Assert.NotEqual(0, first.Trainer.Position.Batch);
        first.Trainer.Save(_file);

        Fitting<float> second = new(Iris, options);
        second.Trainer.Load(_file);
        Assert.Equal(first.Trainer.Position, second.Trainer.Position);
        // Once more, within the last epoch: its mean loss spans the interruption.
        using CancellationTokenSource again = new();
        second.Run(new Log(p => { if (p.Epoch == 4 && p.Batch >= 3) again.Cancel(); }), cancellation: again.Token);
        second.Trainer.Save(_file);

        Fitting<float> third = new(Iris, options);
        third.Trainer.Load(_file);
        FitResult<float> rest = third.Run();
        Assert.Equal(TrainingStatus.Completed, rest.Training.Status);
        Assert.Equal(last, rest.Training.Last);
        Assert.Equal(expected, third.Trainer.Save(_file));

        // A trainer that was merely cancelled goes on as well.
        first.Run();
        Assert.Equal(expected, first.Trainer.Save(_file));
    }

    [Fact]
    public void ThreadsChangeNoBit()
    {
        DataSet<float> digits = BuiltInData.Load<float>("digits");
        string train(int threads)
        {
            using ComputeContext context = new(threads);
            using var use = context.Use();
            Fitting<float> fitting = new(digits, new() { Epochs = 1, BatchSize = 256, Hidden = [512, 256], Seed = 7 });
            fitting.Run();
            return fitting.Trainer.Save(_file);
        }
        Assert.Equal(train(1), train(2));
    }

    [Theory]
    [InlineData("adamw", 1, 0)]
    [InlineData("sgd", 2, 0)]
    [InlineData("adamw", 1, 0.05)]
    public void CapturedAndEagerGiveTheSameBits(string optimizer, int accumulation, double radius)
    {
        string train(bool capture)
        {
            // 120 rows in batches of 50: two shapes, two programs.
            Fitting<float> fitting = new(Iris, new() { Epochs = 5, BatchSize = 50, Optimizer = optimizer, Accumulation = accumulation, SharpnessRadius = radius, Capture = capture });
            TrainingProgress last = fitting.Run().Training.Last;
            return $"{fitting.Trainer.Save(_file)} {last}";
        }
        Assert.Equal(train(false), train(true));
    }

    [Fact]
    public void SeedsDecideEverything()
    {
        string train(ulong seed)
        {
            Fitting<double> fitting = new(BuiltInData.Load<double>("wine"), new() { Epochs = 2, Seed = seed });
            fitting.Run();
            return fitting.Trainer.Save(_file);
        }
        Assert.Equal(train(5), train(5));
        Assert.NotEqual(train(5), train(6));
    }

    [Fact]
    public void ACheckpointOfAnotherTrainingIsRefusedByName()
    {
        FitOptions options = new() { Epochs = 2, Seed = 1 };
        Fitting<float> fitting = new(Iris, options);
        fitting.Run();
        fitting.Trainer.Save(_file);
        void refused(FitOptions other, string expected, DataSet<float>? data = null)
        {
            Fitting<float> stranger = new(data ?? Iris, other);
            string before = Weights(stranger);
            string message = Assert.Throws<InvalidDataException>(() => stranger.Trainer.Load(_file)).Message;
            Assert.Contains(expected, message, StringComparison.Ordinal);
            Assert.StartsWith(_file, message, StringComparison.Ordinal);
            Assert.Equal(before, Weights(stranger));
        }
        refused(options with { Optimizer = "adam" }, "optimizer = adamw; this training has adam");
        refused(options with { OptimizerOptions = new() { { "lr", 0.5 } } }, "optimizer.lr = 0.003; this training has 0.5");
        refused(options with { BatchSize = 10 }, "batch = 16; this training has 10");
        refused(options with { Epochs = 3 }, "schedule.steps = 16; this training has 24");
        refused(options with { HeldOut = 0.5 }, "data");
        refused(options with { Hidden = [7] }, "'0.weight' is F32 [32, 4]; expected F32 [7, 4]");
        // With a constant rate more epochs are no other course.
        FitOptions constant = options with { Schedule = null };
        Fitting<float> shorter = new(Iris, constant), longer = new(Iris, constant with { Epochs = 3 }), whole = new(Iris, constant with { Epochs = 3 });
        shorter.Run();
        shorter.Trainer.Save(_file);
        longer.Trainer.Load(_file);
        longer.Run();
        whole.Run();
        Assert.Equal(Weights(whole), Weights(longer));
    }

    [Fact]
    public void CallbacksWatchAndStop()
    {
        Fitting<float> fitting = new(Iris, new() { Epochs = 10, BatchSize = 40 });
        StopAfter callback = new(epochs: 2);
        fitting.Trainer.Add(callback);
        Assert.Equal(TrainingStatus.Stopped, fitting.Run().Training.Status);
        Assert.Equal((6, 2), (callback.Updates, callback.Epochs));
    }

    [Fact]
    public void UnknownNamesAnswerWithTheKnownOnes()
    {
        Assert.Contains("Did you mean 'adamw'", Assert.Throws<ArgumentException>(() => new Fitting<float>(Iris, new() { Optimizer = "adamww" })).Message, StringComparison.Ordinal);
        Assert.Contains("linear, mlp", Assert.Throws<ArgumentException>(() => new Fitting<float>(Iris, new() { Model = "mlpp" })).Message, StringComparison.Ordinal);
        Assert.Contains("cosine", Assert.Throws<ArgumentException>(() => new Fitting<float>(Iris, new() { Schedule = "cosin" })).Message, StringComparison.Ordinal);
        Assert.Contains("lr", Assert.Throws<ArgumentException>(() => new Fitting<float>(Iris, new() { OptimizerOptions = new() { { "lrr", 1 } } })).Message, StringComparison.Ordinal);
        Assert.Contains("'relu'", Assert.Throws<ArgumentException>(() => new Fitting<float>(Iris, new() { Activation = "relo" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fitting<float>(Iris, new() { Epochs = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fitting<float>(Iris, new() { HeldOut = 1 }));
    }

    [Theory]
    [InlineData(Reduction.Mean)]
    [InlineData(Reduction.Sum)]
    public void TheLossOfAnEpochIsTheMeanOverItsOwnRows(Reduction reduction)
    {
        float[] x = [.. Enumerable.Range(0, 40).Select(i => i / 20f - 1)];
        Log log = new();
        Trainer<float> trainer = new(
            new Linear<float>(1, 1), new MeanSquaredError<float>(reduction), DataSet<float>.Regression(x, 1, x),
            new() { Epochs = 3, BatchSize = 16, Optimizer = "sgd", OptimizerOptions = new() { { "lr", 0.01 } } });
        trainer.Run(log);
        foreach (IGrouping<long, TrainingProgress> epoch in log.Reports.GroupBy(r => r.Epoch))
        {
            int[] rows = [16, 16, 8];
            TrainingProgress[] batches = [.. epoch];
            double sum = batches.Select((b, i) => b.BatchLoss * (reduction == Reduction.Sum ? 1 : rows[i])).Sum();
            Assert.Equal(3, batches.Length);
            Assert.Equal(sum / 40, batches[^1].Loss, 1e-12);
        }
    }

    [Fact]
    public void ANaNCanStopTheTraining()
    {
        float[] far = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 1e38f : -1e38f)];
        DataSet<float> data = DataSet<float>.Regression(far, 1, far);
        Trainer<float> trainer = new(new Linear<float>(1, 1), new MeanSquaredError<float>(), data, new() { Settings = new() { NonFinite = NonFinitePolicy.Throw } });
        Assert.Contains("weight", Assert.Throws<ArithmeticException>(() => trainer.Run()).Message, StringComparison.Ordinal);
    }

    private static string Weights(Fitting<float> fitting) =>
        string.Join(' ', fitting.Trainer.Model.NamedParameters().SelectMany(p => p.Tensor.ToArray()).Select(BitConverter.SingleToUInt32Bits));

    private sealed class Log(Action<TrainingProgress>? then = null) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Reports { get; } = [];

        public void Report(TrainingProgress value)
        {
            Reports.Add(value);
            then?.Invoke(value);
        }
    }

    private sealed class StopAfter(int epochs) : TrainingCallback<float>
    {
        public int Updates { get; private set; }

        public int Epochs { get; private set; }

        public override void OnUpdate(Trainer<float> trainer, in TrainingProgress progress) => Updates++;

        public override void OnEpoch(Trainer<float> trainer, in TrainingProgress progress)
        {
            if (++Epochs == epochs)
                trainer.Stop();
        }
    }
}
