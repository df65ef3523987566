using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FastGrad.Autograd;
using FastGrad.Cli.Output;
using FastGrad.Data;
using FastGrad.Training;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad lr-find</c>: a range test of the learning rate, with a picture and a suggestion.</summary>
internal static class RateFindCommand
{
    public static Command Create()
    {
        Argument<string> data = DataArgument.Create();
        FittingOptions fit = new();
        RateFinderOptions defaults = new();
        Option<double> low = new Option<double>("--low") { Description = "The first rate.", DefaultValueFactory = _ => defaults.Lowest }.AsNumber();
        Option<double> high = new Option<double>("--high") { Description = "The last rate.", DefaultValueFactory = _ => defaults.Highest }.AsNumber();
        Option<int> steps = new Option<int>("--steps") { Description = "Updates, each with a higher rate.", DefaultValueFactory = _ => defaults.Steps }.InRange(2, 1_000_000);
        Option<double> smoothing = new Option<double>("--smoothing") { Description = "What the smoothed loss keeps from update to update, from 0 to below 1.", DefaultValueFactory = _ => defaults.Smoothing }.AsNumber();
        Option<double> divergence = new Option<double>("--divergence") { Description = "The multiple of the least smoothed loss at which the test ends.", DefaultValueFactory = _ => defaults.Divergence }.AsNumber();
        Option<string?> folder = PluginOptions.Folder();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("lr-find", "Let the learning rate rise from update to update, and suggest the one at which the loss falls fastest.")
        {
            data, fit.Model, fit.Optimizer, fit.Batch, fit.Seed, low, high, steps, smoothing, divergence, folder, threads, json,
        };
        command.SetAction((parse, stop) =>
        {
            FitOptions options = UsageException.Wrap(() =>
            {
                NamedOptions optimizer = NamedOptions.Parse(parse.GetValue(fit.Optimizer)!);
                return new FitOptions
                {
                    Model = parse.GetValue(fit.Model)!,
                    Optimizer = optimizer.Name,
                    Optimizers = PluginOptions.Read(parse.GetValue(folder)).Optimizers,
                    OptimizerOptions = optimizer.Values,
                    Schedule = null,
                    Epochs = parse.GetValue(steps), // each epoch has an update at least
                    BatchSize = parse.GetValue(fit.Batch),
                    Seed = parse.GetValue(fit.Seed),
                };
            });
            RateFinderOptions test = new()
            {
                Lowest = parse.GetValue(low), Highest = parse.GetValue(high), Steps = parse.GetValue(steps), Smoothing = parse.GetValue(smoothing), Divergence = parse.GetValue(divergence),
            };
            return Task.FromResult(Run(parse.GetValue(data)!, options, test, parse.GetValue(threads), parse.GetValue(json), stop));
        });
        return command;
    }

    private static int Run(string source, FitOptions options, RateFinderOptions test, int threads, bool json, CancellationToken stop)
    {
        DataSet<float> data = DataArgument.Read<float>(source, stop);
        using var context = new ComputeContext(threads);
        using ComputeContext.Usage _ = context.Use();
        RateRange range = UsageException.Wrap(() => RateFinder.Run(new Fitting<float>(data, options).Trainer, test, stop));
        stop.ThrowIfCancellationRequested();
        string name = Path.GetFileNameWithoutExtension(source);
        if (json)
            JsonLine.Write(writer => Write(writer, name, options, range));
        else
            Show(name, options, range);
        return Tool.Success;
    }

    private static void Write(Utf8JsonWriter json, string name, FitOptions options, RateRange range)
    {
        json.WriteString("dataset", name);
        json.WriteString("model", options.Model);
        json.WriteString("optimizer", options.Optimizer);
        json.WriteNumber("seed", options.Seed);
        if (range.Suggestion is { } suggestion)
            json.WriteNumber("suggestion", suggestion);
        else
            json.WriteNull("suggestion");
        json.WriteBoolean("diverged", range.Diverged);
        json.WriteStartArray("points");
        foreach (RatePoint point in range.Points)
        {
            json.WriteStartObject();
            json.WriteNumber("lr", point.Rate);
            json.WriteFinite("loss", point.Loss);
            json.WriteFinite("smoothed", point.Smoothed);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Show(string name, FitOptions options, RateRange range)
    {
        // The last point of a divergence would flatten all others.
        IEnumerable<RatePoint> shown = range.Diverged && range.Points.Count > 1 ? range.Points.SkipLast(1) : range.Points;
        Plot plot = new($"{name}, {options.Model}, {options.Optimizer}: smoothed loss", "learning rate") { LogX = true, At = range.Suggestion ?? double.NaN };
        plot.Add('•', shown.Select(p => p.Rate), shown.Select(p => p.Smoothed));
        Console.Out.WriteLine(plot);
        Console.Out.WriteLine(range.Diverged
            ? Text($"{range.Points.Count} updates; the loss ran away at {range.Points[^1].Rate:G3}")
            : Text($"{range.Points.Count} updates; the loss did not run away"));
        Console.Out.WriteLine(range.Suggestion is { } rate
            ? Text($"suggestion: {rate:G3}, where the loss falls fastest (the line): --set lr={rate:G3}")
            : "no suggestion: the loss never fell");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
