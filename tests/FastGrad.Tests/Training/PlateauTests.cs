using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Training;
using Xunit;

namespace FastGrad.Tests.Training;

/// <summary>A learning rate that answers a metric, by its name in a trainer's options.</summary>
public class PlateauTests
{
    public static TheoryData<ScheduleMetric, string> Metrics => new()
    {
        { ScheduleMetric.TrainingLoss, "patience=1 factor=0.5 threshold=0.2" },
        { ScheduleMetric.HeldOutLoss, "patience=0 factor=0.3 threshold=0.05 threshold_mode=abs cooldown=2" },
        { ScheduleMetric.HeldOutScore, "mode=max patience=1 factor=0.1 min_lr=0.003" },
    };

    /// <summary>The rule of PyTorch's ReduceLROnPlateau, run beside the trainer on the numbers that it reports.</summary>
    [Theory]
    [MemberData(nameof(Metrics))]
    public void The_rate_follows_the_metric(ScheduleMetric metric, string options)
    {
        OptionValues values = OptionValues.Parse(options.Split(' '));
        Trainer<double> trainer = Make(new() { Epochs = 30, ScheduleMetric = metric, ScheduleOptions = values });
        List<TrainingProgress> epochs = [];
        trainer.Run(new Log(p => { if (p.IsEpochEnd) epochs.Add(p); }), Data(9));
        double Value(string key, double other) => values.Where(v => v.Key == key).Select(v => double.Parse(v.Value, System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault(other);
        bool max = options.Contains("mode=max", StringComparison.Ordinal), absolute = options.Contains("abs", StringComparison.Ordinal);
        double rate = 0.1, best = max ? double.NegativeInfinity : double.PositiveInfinity, threshold = Value("threshold", 1e-4);
        int bad = 0, cooling = 0, reductions = 0;
        foreach (TrainingProgress epoch in epochs)
        {
            Assert.Equal(rate, epoch.LearningRate, 1e-15);
            double seen = metric switch { ScheduleMetric.TrainingLoss => epoch.Loss, ScheduleMetric.HeldOutLoss => epoch.HeldOut!.Loss, _ => epoch.HeldOut!.R2!.Value };
            bool better = max ? seen > best * (1 + threshold) : absolute ? seen < best - threshold : seen < best * (1 - threshold);
            (best, bad) = better ? (seen, 0) : (best, bad + 1);
            (cooling, bad) = cooling > 0 ? (cooling - 1, 0) : (0, bad);
            if (bad > Value("patience", 10))
            {
                double reduced = Math.Max(rate * Value("factor", 0.1), Value("min_lr", 0));
                (rate, reductions, cooling, bad) = (rate - reduced > 1e-8 ? reduced : rate, reductions + 1, (int)Value("cooldown", 0), 0);
            }
        }
        Assert.True(reductions > 1, $"{reductions} reductions: the test sees nothing");
    }

    [Fact]
    public void What_it_cannot_do_is_told()
    {
        Assert.Contains("no held-out data", Assert.Throws<InvalidOperationException>(() => Make(new() { ScheduleMetric = ScheduleMetric.HeldOutLoss }).Run()).Message, StringComparison.Ordinal);
        Assert.Contains("'patiens'", Assert.Throws<ArgumentException>(() => Make(new() { ScheduleOptions = new() { { "patiens", 3 } } })).Message, StringComparison.Ordinal);
        Assert.Contains("driven by a schedule", Assert.Throws<ArgumentException>(() => Make(new() { Settings = new() { Schedules = [ScheduleRegistry.Standard["cosine"].Bind("lr")] } })).Message, StringComparison.Ordinal);
        Assert.Contains("answers a metric", Assert.Throws<ArgumentException>(() => ScheduleRegistry.Standard["reduce-on-plateau"]).Message, StringComparison.Ordinal);
        Assert.Contains("'reduce-on-plateau'", Assert.Throws<ArgumentException>(() => ScheduleRegistry.Standard["reduce-on-plato"]).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => Make(new(), schedule: " ")).Message, StringComparison.Ordinal);
    }

    private static Trainer<double> Make(TrainerOptions options, string schedule = "reduce-on-plateau") => new(
        new Linear<double>(2, 1), new MeanSquaredError<double>(), Data(0),
        options with { Optimizer = "sgd", OptimizerOptions = new() { { "lr", 0.1 } }, Schedule = schedule, BatchSize = 7, Seed = 3 });

    // A line with noise, so that the loss stops falling.
    private static DataSet<double> Data(int shift)
    {
        double[] x = [.. Enumerable.Range(shift, 60).Select(i => i * 37 % 41 / 20.0 - 1)];
        return DataSet<double>.Regression(x, 2, [.. Enumerable.Range(0, 30).Select(r => x[2 * r] - x[2 * r + 1] + (r * 7 % 5 - 2) * 0.3)]);
    }

    private sealed class Log(Action<TrainingProgress> then) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => then(value);
    }
}
