using System.CommandLine;
using FastGrad.Autograd;
using FastGrad.Cli.Output;
using FastGrad.Data;
using FastGrad.Optimization.Plugins;
using FastGrad.Training;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad compare</c>: several optimizers over several seeds on one data set: curves, means, spreads.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        Argument<string> data = DataArgument.Create();
        FittingOptions fit = new();
        var optimizers = new Option<string>("--optimizers")
        {
            Description = "Optimizers by name, separated by commas, each with settings of its own: sgd:lr=0.1,momentum=0.9,adamw.",
            DefaultValueFactory = _ => "sgd,adam,adamw",
        };
        Option<int> seeds = new Option<int>("--seeds") { Description = "How many seeds, from --seed on: splits, first values and orders.", DefaultValueFactory = _ => 5 }.InRange(1, 10_000);
        Option<string?> folder = PluginOptions.Folder();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("compare", "Train with several optimizers over several seeds, and show learning curves, means and spreads.")
        {
            data, optimizers, seeds, fit.Seed, fit.Model, fit.Schedule, fit.Epochs, fit.Batch, folder, threads, json,
        };
        command.SetAction((parse, stop) =>
        {
            PluginRegistry plugins = PluginOptions.Read(parse.GetValue(folder));
            (IReadOnlyList<NamedOptions> Named, FitOptions Options) asked = UsageException.Wrap(() => (
                NamedOptions.ParseMany(parse.GetValue(optimizers)!),
                TrainCommand.WithSchedule(parse.GetValue(fit.Schedule)!, plugins.Schedules) with
                {
                    Optimizers = plugins.Optimizers,
                    Model = parse.GetValue(fit.Model)!,
                    Epochs = parse.GetValue(fit.Epochs),
                    BatchSize = parse.GetValue(fit.Batch),
                    Seed = parse.GetValue(fit.Seed),
                }));
            return Task.FromResult(Run(parse.GetValue(data)!, asked.Named, asked.Options, parse.GetValue(seeds), parse.GetValue(threads), parse.GetValue(json), stop));
        });
        return command;
    }

    private static int Run(string source, IReadOnlyList<NamedOptions> optimizers, FitOptions options, int seeds, int threads, bool json, CancellationToken stop)
    {
        if (optimizers.GroupBy(o => o.ToString(), StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new UsageException($"'{twice.Key}' is compared with itself; expected different optimizers or settings.");
        if (optimizers.Count > Comparison.Most)
            throw new UsageException($"{optimizers.Count} optimizers are too many to tell apart; expected at most {Comparison.Most}.");
        DataSet<float> data = DataArgument.Read<float>(source, stop);
        using var context = new ComputeContext(threads);
        using ComputeContext.Usage _ = context.Use();
        // All names and values are judged before the first training begins.
        foreach (NamedOptions optimizer in optimizers)
            UsageException.Wrap(() => new Fitting<float>(data, With(options, optimizer, 0)));

        Comparison comparison = new(Path.GetFileNameWithoutExtension(source), options, data.Kind, seeds);
        foreach (NamedOptions optimizer in optimizers)
        {
            List<Curve> curves = [];
            for (int seed = 0; seed < seeds; seed++)
            {
                Fitting<float> fitting = new(data, With(options, optimizer, seed));
                curves.Add(Curve.Train(fitting, stop));
                stop.ThrowIfCancellationRequested();
                Console.Error.WriteLine($"{optimizer}: {seed + 1} of {seeds} seeds");
            }
            comparison.Add(optimizer, curves);
        }
        if (json)
            comparison.WriteJson();
        else
            comparison.Show();
        return Tool.Success;
    }

    private static FitOptions With(FitOptions options, NamedOptions optimizer, int seed) =>
        options with { Optimizer = optimizer.Name, OptimizerOptions = optimizer.Values, Seed = options.Seed + (ulong)seed };
}
