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

/// <summary>Accumulation, clipping and skipping in a whole training, against the same by hand: micro-batches are averaged by rows, then clipped.</summary>
public class ClippingTests
{
    private const int Rows = 7, Columns = 2, Epochs = 3;
    private const double Rate = 0.1;

    private static readonly double[] s_x = [3, -1, 0.5, 2, -2, 1, 4, 0, 1, 1, -3, 2, 0.25, -4];
    private static readonly double[] s_y = [5, -3, 1, 2, 0, -1, 4];

    public static TheoryData<string, string> Ways => new()
    {
        { "none", "" },
        { "setting-norm", "0.8" },
        { "setting-value", "0.6" },
        { "clip-norm", "max_norm=0.8" },
        { "clip-value", "max_value=0.6" },
        { "clip-groups", "max_norm=0.5" },
        { "clip-adaptive", "clipping=4 eps=0.2" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Micro_batches_are_averaged_then_clipped(string way, string option)
    {
        (double[] w, double b) = ([0.5, -0.25], 0.1);
        Trainer<double> trainer = Make(Settings(way, option), s_x, w, b);
        List<(double[] W, double B)> seen = [];
        trainer.Add(new EveryUpdates<double>(1, t => seen.Add((t.Model.NamedParameters()[0].Tensor.ToArray(), t.Model.NamedParameters()[1].Tensor.ToArray()[0]))));
        trainer.Run();

        int update = 0;
        bool clipped = way == "none";
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            // Batches of two rows, two of them an update: rows 0 to 3, then 4 to 6, of which the last batch has one.
            foreach ((int from, int to) in ((int, int)[])[(0, 4), (4, 7)])
            {
                double[] gradient = new double[3];
                for (int r = from; r < to; r++)
                {
                    double error = 2 * (w[0] * s_x[2 * r] + w[1] * s_x[2 * r + 1] + b - s_y[r]) / (to - from);
                    gradient[0] += error * s_x[2 * r];
                    gradient[1] += error * s_x[2 * r + 1];
                    gradient[2] += error;
                }
                double[] plain = [.. gradient];
                Clip(way, gradient, w, b);
                clipped |= !plain.SequenceEqual(gradient);
                (w, b) = ([w[0] - Rate * gradient[0], w[1] - Rate * gradient[1]], b - Rate * gradient[2]);
                Assert.Equal(w[0], seen[update].W[0], 1e-9);
                Assert.Equal(w[1], seen[update].W[1], 1e-9);
                Assert.Equal(b, seen[update].B, 1e-9);
                update++;
            }
        }
        Assert.Equal(update, seen.Count);
        Assert.True(clipped, "nothing was clipped: the test sees nothing");
    }

    /// <summary>A row whose gradient overflows: its update is left out, counted nowhere, and the next goes on.</summary>
    [Theory]
    [InlineData("setting-skip", "")]
    [InlineData("skip-non-finite", "max_in_a_row=2")]
    public void An_update_that_is_not_finite_is_left_out(string way, string option)
    {
        double[] x = [.. s_x];
        x[2 * 5] = 1e200; // in the second update of each epoch
        Trainer<double> trainer = Make(Settings(way, option), x, [0.5, -0.25], 0.1), without = Make(new(), s_x, [0.5, -0.25], 0.1);
        List<(long Updates, double Weight)> seen = [];
        trainer.Run(new Log(p => seen.Add((p.Updates, trainer.Model.NamedParameters()[0].Tensor.ToArray()[0]))));
        Assert.Equal([1, 1, 2, 2, 3, 3], seen.Select(s => s.Updates));
        Assert.Equal(seen[0].Weight, seen[1].Weight);
        Assert.NotEqual(seen[1].Weight, seen[2].Weight);
        without.Run();
        Assert.All(trainer.Model.NamedParameters(), p => Assert.All(p.Tensor.ToArray(), v => Assert.True(double.IsFinite(v))));
    }

    private static OptimizerSettings Settings(string way, string option) => way switch
    {
        "none" => new(),
        "setting-norm" => new() { ClipNorm = double.Parse(option, System.Globalization.CultureInfo.InvariantCulture) },
        "setting-value" => new() { ClipValue = double.Parse(option, System.Globalization.CultureInfo.InvariantCulture) },
        "setting-skip" => new() { NonFinite = NonFinitePolicy.Skip },
        _ => new()
        {
            Wrappers = [WrapperRegistry.Standard[way].Bind(OptionValues.Parse(option.Split(' ')))],
            Groups = way == "clip-groups" ? [new() { Name = "weights", Patterns = ["weight"] }, new() { Name = "biases" }] : OptimizerSettings.Default.Groups,
        },
    };

    private static void Clip(string way, double[] g, double[] w, double b)
    {
        double all = Math.Sqrt(g.Sum(v => v * v)), weights = Math.Sqrt(g[0] * g[0] + g[1] * g[1]), bias = Math.Abs(g[2]);
        switch (way)
        {
            case "setting-norm" or "clip-norm":
                Scale(0.8, all, 0, 1, 2);
                break;
            case "setting-value" or "clip-value":
                for (int i = 0; i < 3; i++)
                    g[i] = Math.Clamp(g[i], -0.6, 0.6);
                break;
            case "clip-groups":
                Scale(0.5, weights, 0, 1);
                Scale(0.5, bias, 2);
                break;
            case "clip-adaptive":
                Bound(4 * Math.Max(0.2, Math.Sqrt(w[0] * w[0] + w[1] * w[1])), weights, 0, 1);
                Bound(4 * Math.Max(0.2, Math.Abs(b)), bias, 2);
                break;
        }

        void Scale(double bound, double norm, params int[] at)
        {
            foreach (int i in at)
                g[i] *= Math.Min(1, bound / (norm + 1e-6));
        }

        void Bound(double bound, double norm, params int[] at)
        {
            foreach (int i in at)
                g[i] *= norm > bound ? bound / norm : 1;
        }
    }

    private static Trainer<double> Make(OptimizerSettings settings, double[] x, double[] w, double b)
    {
        Linear<double> model = new(Columns, 1);
        model.Initialize(0);
        w.CopyTo(model.NamedParameters()[0].Tensor.AsSpan());
        model.NamedParameters()[1].Tensor.AsSpan()[0] = b;
        return new(
            model, new MeanSquaredError<double>(), DataSet<double>.Regression(x, Columns, s_y),
            new() { Epochs = Epochs, BatchSize = 2, Accumulation = 2, Shuffle = false, Optimizer = "sgd", OptimizerOptions = new() { { "lr", Rate } }, Settings = settings });
    }

    private sealed class Log(Action<TrainingProgress> then) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => then(value);
    }
}
