using FastGrad.Data;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;
using Xunit;

namespace FastGrad.Tests.Training;

public class RateFinderTests
{
    /// <summary>On a quadratic with curvature L descent diverges beyond 2/L, and learns below.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void A_quadratic_runs_away_beyond_two_over_its_curvature(double scale)
    {
        // Loss mean (w·x)², x = ±scale: curvature 2·scale².
        double[] x = [.. Enumerable.Range(0, 64).Select(i => i % 2 == 0 ? scale : -scale)];
        Trainer<double> trainer = new(
            new Linear<double>(1, 1, bias: false), new MeanSquaredError<double>(), DataSet<double>.Regression(x, 1, new double[64]),
            new() { Epochs = 500, BatchSize = 64, Optimizer = "sgd", Seed = 1 });
        double limit = 2 / (2 * scale * scale);
        RateRange range = RateFinder.Run(trainer, new() { Lowest = limit * 1e-4, Highest = limit * 1e3, Steps = 200, Smoothing = 0.5 });
        Assert.True(range.Diverged);
        Assert.True(range.Points[^1].Rate > limit, $"{range.Points[^1].Rate} for a limit of {limit}");
        Assert.InRange(range.Suggestion!.Value, 1e-3 * limit, limit);
        // The rates are those of the formula, and each loss is the one before its update.
        Assert.Equal(limit * 1e-4, range.Points[0].Rate, 1e-12 * limit);
        Assert.Equal(Math.Pow(1e7, 1.0 / 199), range.Points[1].Rate / range.Points[0].Rate, 1e-12);
        double w2 = range.Points[0].Loss / (scale * scale);
        foreach (RatePoint point in range.Points.Take(60))
        {
            Assert.Equal(w2 * scale * scale, point.Loss, 1e-9 * w2 * scale * scale);
            w2 *= Math.Pow(1 - 2 * scale * scale * point.Rate, 2);
        }
    }

    [Fact]
    public void The_steepest_fall_is_suggested()
    {
        // −tanh falls fastest at its middle, here at a rate of 1e-3; beyond 1e-1 the loss rises.
        RatePoint[] points = [.. Enumerable.Range(0, 121).Select(i => -6 + i * 0.05).Select(e => new RatePoint(Math.Pow(10, e), 0, e < -1 ? -Math.Tanh(2 * (e + 3)) : 10 * (e + 1)))];
        Assert.Equal(1e-3, RateFinder.Suggest(points)!.Value, 1e-4);
        Assert.Null(RateFinder.Suggest([.. points.Select(p => p with { Smoothed = p.Rate })])); // it never falls
        Assert.Null(RateFinder.Suggest(points[..3]));
    }

    [Fact]
    public void The_average_is_corrected_for_its_start()
    {
        Fitting<float> fitting = new(BuiltInData.Load<float>("iris"), new() { Schedule = null, Epochs = 30, Seed = 2 });
        RateRange range = RateFinder.Run(fitting.Trainer, new() { Steps = 50, Smoothing = 0.8 });
        for (int i = 0; i < range.Points.Count; i++)
        {
            double sum = 0, weights = 0;
            for (int j = 0; j <= i; j++)
            {
                sum += Math.Pow(0.8, i - j) * range.Points[j].Loss;
                weights += Math.Pow(0.8, i - j);
            }
            Assert.Equal(sum / weights, range.Points[i].Smoothed, 1e-9);
        }
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        static Trainer<float> Trainer(string? schedule = null) => new Fitting<float>(BuiltInData.Load<float>("iris"), new() { Schedule = schedule }).Trainer;
        Assert.Throws<ArgumentOutOfRangeException>(() => RateFinder.Run(Trainer(), new() { Lowest = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => RateFinder.Run(Trainer(), new() { Lowest = 1, Highest = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => RateFinder.Run(Trainer(), new() { Steps = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => RateFinder.Run(Trainer(), new() { Smoothing = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => RateFinder.Run(Trainer(), new() { Divergence = double.NaN }));
        Assert.Contains("driven by a schedule", Assert.Throws<ArgumentException>(() => RateFinder.Run(Trainer("cosine"))).Message, StringComparison.Ordinal);
    }
}
