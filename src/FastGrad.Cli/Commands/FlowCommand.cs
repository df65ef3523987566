using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FastGrad.Analysis.GradientFlow;
using FastGrad.Cli.Output;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad flow</c>: what becomes of a gradient in a deep network, and what mends it.</summary>
internal static class FlowCommand
{
    public static Command Create()
    {
        FlowNetwork standard = new();
        Option<int> depth = Whole("--depth", "Hidden layers, from 2 to 1000.", standard.Depth, 2, 1000), width = Whole("--width", "Units a layer, from 1 to 4096.", standard.Width, 1, 4096);
        Option<int> rows = Whole("--rows", "Rows of random data, from 2 to 65536.", standard.Rows, 2, 65536);
        Option<string> activation = OneOf("--activation", "The activation", standard.Activation, FlowNetwork.Activations);
        Option<string> init = OneOf("--init", "The initialization", standard.Initialization, FlowNetwork.Initializations);
        Option<string> norm = OneOf("--norm", "The normalization", standard.Normalization, FlowNetwork.Normalizations);
        Option<double> clip = new Option<double>("--clip") { Description = "The norm of the trial with clipping.", DefaultValueFactory = _ => 1 }.AsNumber();
        Option<int> steps = Whole("--steps", "Steps of gradient descent by which each change is tried; 0 for none.", 20, 0, 100_000);
        Option<double> rate = new Option<double>("--lr") { Description = "The learning rate of these steps.", DefaultValueFactory = _ => 0.1 }.AsNumber();
        Option<ulong> seed = new Option<ulong>("--seed") { Description = "The seed of weights and data.", DefaultValueFactory = _ => 0 }.AsSeed();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("flow", "Measure activations and gradients in a deep network; tell whether gradients vanish or explode, and what mends it.") { depth, width, rows, activation, init, norm, clip, steps, rate, seed, json };
        command.SetAction((parse, _) =>
        {
            double clipping = Positive(clip, parse.GetValue(clip)), step = Positive(rate, parse.GetValue(rate));
            FlowNetwork network = new()
            {
                Depth = parse.GetValue(depth),
                Width = parse.GetValue(width),
                Rows = parse.GetValue(rows),
                Activation = parse.GetValue(activation)!,
                Initialization = parse.GetValue(init)!,
                Normalization = parse.GetValue(norm)!,
                Seed = parse.GetValue(seed),
            };
            IReadOnlyList<FlowTrial> trials = network.Mends(parse.GetValue(steps), step, clipping);
            if (parse.GetValue(json))
                JsonLine.Write(line => Write(line, trials, clipping));
            else
                Show(trials);
            return Task.FromResult(Tool.Success);
        });
        return command;
    }

    private static double Positive(Option option, double value) => value > 0 && double.IsFinite(value)
        ? value
        : throw new UsageException($"{option.Name} is {value.ToString(CultureInfo.InvariantCulture)}; expected a positive finite number.");

    private static Option<int> Whole(string name, string description, int value, int low, int high) =>
        new Option<int>(name) { Description = description, DefaultValueFactory = _ => value }.InRange(low, high);

    private static Option<string> OneOf(string name, string description, string value, IReadOnlyList<string> names)
    {
        var option = new Option<string>(name) { Description = $"{description}: {string.Join(", ", names)}.", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { } given }, ..] && !names.Contains(given))
                result.AddError($"{name} is '{given}'; expected one of {string.Join(", ", names)}.");
        });
        return option;
    }

    private static void Show(IReadOnlyList<FlowTrial> trials)
    {
        FlowReport report = trials[0].Report;
        Table layers = Screen.Table("layer", "module", "activation", "gradient", "‖W‖", "‖∂W‖/‖W‖", "dead", "saturated");
        foreach (LayerFlow layer in report.Layers)
            layers.AddRow(layer.Position.ToString(CultureInfo.InvariantCulture), layer.Name, Number(layer.Activation), Number(layer.Gradient), Number(layer.WeightNorm), Number(layer.Ratio), Share(layer.Dead), Share(layer.Saturated));
        Screen.Out.Write(layers);
        Plot plot = new("norm of the gradient at each layer's output (*: as it is, o: the steadiest mend)", "layer") { LogY = true };
        FlowTrial best = trials.MinBy(trial => Math.Abs(trial.Report.Factor - 1))!;
        foreach ((char mark, FlowReport drawn) in new[] { ('o', best.Report), ('*', report) })
            plot.Add(mark, drawn.Layers.Select((_, i) => i + 1.0), drawn.Layers.Select(layer => layer.Gradient));
        Console.Out.WriteLine(plot);
        Console.Out.WriteLine(report);
        Table mends = Screen.Table("change", "verdict", "factor a layer", "last to first", "training");
        foreach (FlowTrial trial in trials)
            mends.AddRow(trial.Change, Word(trial.Report.Verdict), Number(trial.Report.Factor), Number(trial.Report.Total), trial.Training?.ToString() ?? "");
        Screen.Out.Write(mends);
        Console.Out.WriteLine("Clipping multiplies the gradient of every layer alike: it bounds a step, and leaves the factor a layer as it is.");
    }

    private static void Write(Utf8JsonWriter line, IReadOnlyList<FlowTrial> trials, double clip)
    {
        FlowReport report = trials[0].Report;
        line.WriteString("verdict", Word(report.Verdict));
        line.WriteFinite("factor", report.Factor);
        line.WriteFinite("total", report.Total);
        line.WriteString("layer", report.Layer);
        if (report.Position is { } position)
            line.WriteNumber("position", position);
        line.WriteFinite("loss", report.Loss);
        line.WriteFinite("gradient_norm", report.GradientNorm);
        Write(line, trials[0].Training);
        line.WriteStartArray("layers");
        foreach (LayerFlow layer in report.Layers)
        {
            line.WriteStartObject();
            line.WriteNumber("position", layer.Position);
            line.WriteString("name", layer.Name);
            line.WriteFinite("activation", layer.Activation);
            line.WriteFinite("gradient", layer.Gradient);
            line.WriteFinite("weight_norm", layer.WeightNorm);
            line.WriteFinite("weight_gradient", layer.WeightGradient);
            line.WriteFinite("ratio", layer.Ratio);
            line.WriteFinite("dead", layer.Dead);
            line.WriteFinite("saturated", layer.Saturated);
            line.WriteEndObject();
        }
        line.WriteEndArray();
        line.WriteStartArray("mends");
        foreach (FlowTrial trial in trials.Skip(1))
        {
            line.WriteStartObject();
            line.WriteString("change", trial.Change);
            line.WriteString("verdict", Word(trial.Report.Verdict));
            line.WriteFinite("factor", trial.Report.Factor);
            line.WriteFinite("total", trial.Report.Total);
            line.WriteFinite("clipping", trial.Clipping(clip));
            Write(line, trial.Training);
            line.WriteEndObject();
        }
        line.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter line, FlowTraining? training)
    {
        if (training is null)
            return;
        line.WriteStartObject("training");
        line.WriteFinite("before", training.Before);
        line.WriteFinite("after", training.After);
        line.WriteNumber("steps", training.Steps);
        line.WriteNumber("clipped", training.Clipped);
        line.WriteFinite("largest_norm", training.LargestNorm);
        line.WriteEndObject();
    }

    private static string Word(FlowVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("0%", CultureInfo.InvariantCulture);
}
