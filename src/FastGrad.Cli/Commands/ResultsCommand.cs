using System.CommandLine;
using System.Globalization;
using FastGrad.Autograd;
using FastGrad.Cli.Output;
using FastGrad.Data;
using FastGrad.Training;
using FastGrad.Workloads.DataSets;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad results</c>: the README's results table: mean held-out scores over fixed seeds, default settings.</summary>
internal static class ResultsCommand
{
    private static readonly string[] s_models = ["mlp", "linear"];

    public static Command Create()
    {
        Option<int> seeds = new Option<int>("--seeds") { Description = "How many seeds.", DefaultValueFactory = _ => 20 }.InRange(1, 10_000);
        Option<int> first = new Option<int>("--first-seed") { Description = "The first seed.", DefaultValueFactory = _ => 0 }.InRange(0, int.MaxValue - 10_000);
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("results", "Mean held-out scores of the embedded data sets over fixed seeds, as a Markdown table.") { seeds, first, threads, json };
        command.SetAction((parse, stop) => Task.FromResult(Run(parse.GetValue(seeds), parse.GetValue(first), parse.GetValue(threads), parse.GetValue(json), stop)));
        return command;
    }

    private static int Run(int seeds, int first, int threads, bool json, CancellationToken stop)
    {
        using var context = new ComputeContext(threads);
        using ComputeContext.Usage _ = context.Use();
        if (!json)
            Console.Out.WriteLine($"| data set | model | epochs | mean over seeds {first} to {first + seeds - 1} | lowest | highest |\n|---|---|---|---|---|---|");
        foreach (string name in BuiltInData.Names)
        {
            DataSet<float> data = BuiltInData.Load<float>(name);
            foreach (string model in s_models)
                Measure(name, data, model, seeds, first, json, stop);
        }
        return Tool.Success;
    }

    private static void Measure(string name, DataSet<float> data, string model, int seeds, int first, bool json, CancellationToken stop)
    {
        var scores = new double[seeds];
        int epochs = 0;
        for (int seed = 0; seed < seeds; seed++)
        {
            var fitting = new Fitting<float>(data, new() { Model = model, Seed = (ulong)(first + seed) });
            FitResult<float> result = fitting.Run(cancellation: stop);
            stop.ThrowIfCancellationRequested();
            scores[seed] = result.HeldOut!.Accuracy ?? result.HeldOut.R2 ?? double.NaN;
            epochs = fitting.Trainer.Options.Epochs;
        }
        string score = data.Kind == TargetKind.Classification ? "accuracy" : "R²";
        if (json)
        {
            JsonLine.Write(writer =>
            {
                writer.WriteString("dataset", name);
                writer.WriteString("model", model);
                writer.WriteNumber("seeds", seeds);
                writer.WriteNumber("first_seed", first);
                writer.WriteNumber("epochs", epochs);
                writer.WriteFinite(data.Kind == TargetKind.Classification ? "mean_test_accuracy" : "mean_test_r2", scores.Average());
                writer.WriteFinite("lowest", scores.Min());
                writer.WriteFinite("highest", scores.Max());
            });
            return;
        }
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {model} | {epochs} | {score} {scores.Average():F4} | {scores.Min():F4} | {scores.Max():F4} |"));
    }
}
