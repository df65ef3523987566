using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using FastGrad.Analysis.Curvature;
using FastGrad.Cli.Output;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad curvature</c>: how the loss of a saved model bends at its parameters.</summary>
internal static class CurvatureCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "A model.safetensors, or the folder with it." };
        var data = new Argument<string>("DATA") { Description = "An embedded data set, or a CSV with the model's features and targets by name." };
        Option<int> count = new Option<int>("--count") { Description = "Eigenvalues at each end, from 1 to 50.", DefaultValueFactory = _ => 5 }.InRange(1, 50);
        Option<int> steps = new Option<int>("--steps") { Description = "The most Lanczos steps, from 2 to 2000.", DefaultValueFactory = _ => 100 }.InRange(2, 2000);
        Option<int> samples = new Option<int>("--samples") { Description = "Random vectors for the trace and the density, from 2 to 1000.", DefaultValueFactory = _ => 8 }.InRange(2, 1000);
        Option<double> rate = new Option<double>("--lr") { Description = "A learning rate to compare sharpness with.", DefaultValueFactory = _ => 0.1 }.AsNumber();
        Option<ulong> seed = new Option<ulong>("--seed") { Description = "The random vectors' seed.", DefaultValueFactory = _ => 0 }.AsSeed();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("curvature", "Measure how a saved model's loss bends, in evaluation mode: Hessian eigenvalues, trace, density, sharpness, kind of point, and the way down from a saddle.") { model, data, count, steps, samples, rate, seed, json };
        command.SetAction((parse, stop) =>
        {
            if (!(parse.GetValue(rate) > 0))
                throw new UsageException($"--lr is {parse.GetValue(rate).ToString(CultureInfo.InvariantCulture)}; expected a positive number.");
            Objective objective = SavedModel.Load(parse.GetValue(model)!, parse.GetValue(data)!, stop).Objective();
            LanczosOptions lanczos = new() { Count = parse.GetValue(count), MostSteps = parse.GetValue(steps), Seed = parse.GetValue(seed), Tolerance = 1e-8 };
            CriticalPointReport report = CriticalPoint.Classify(objective, new() { Lanczos = lanczos });
            HessianTrace trace = HessianTrace.Of(objective, parse.GetValue(samples), parse.GetValue(seed));
            SpectralDensity density = SpectralDensity.Of(objective, Math.Min(40, parse.GetValue(steps)), parse.GetValue(samples), parse.GetValue(seed));
            Sharpness sharpness = new(report.Spectrum.Top[0].Value, report.Spectrum.Top[0].Residual, parse.GetValue(rate));
            double? below = CriticalPoint.Escape(objective, report) is { } left ? objective.At(left.ToArray()).Value() : null;
            if (parse.GetValue(json))
                JsonLine.Write(line => Write(line, objective.Count, parse.GetValue(count), report, below, trace, density, sharpness));
            else
                Show(objective.Count, parse.GetValue(count), report, below, trace, density, sharpness);
            return Task.FromResult(Tool.Success);
        });
        return command;
    }

    private static void Show(int parameters, int count, CriticalPointReport report, double? below, HessianTrace trace, SpectralDensity density, Sharpness sharpness)
    {
        Console.Out.WriteLine($"{parameters} parameters, in evaluation mode");
        Console.Out.WriteLine(report);
        if (below is { } reached)
            Console.Out.WriteLine($"along the direction of curvature {Number(report.DescentCurvature)} the loss falls to {Number(reached)}");
        Table table = Screen.Table("end", "eigenvalue", "residual");
        foreach (Eigenpair pair in report.Spectrum.Top.Take(count))
            table.AddRow("top", Number(pair.Value), Number(pair.Residual));
        foreach (Eigenpair pair in report.Spectrum.Bottom.Take(count).Reverse())
            table.AddRow("bottom", Number(pair.Value), Number(pair.Residual));
        Screen.Out.Write(table);
        if (!report.Spectrum.HasConverged)
            Console.Out.WriteLine("Not all residuals are small: more --steps would bring these eigenvalues closer.");
        Console.Out.WriteLine($"trace {Number(trace.Value)} ± {Number(trace.StandardError)}");
        Console.Out.WriteLine($"sharpness {Number(sharpness.Largest)}, 2/lr = {Number(sharpness.Threshold)}: gradient descent at {Number(sharpness.LearningRate)} is {(sharpness.IsStable ? "stable" : "unstable")} along it");
        double low = density.Nodes[0], span = density.Nodes[^1] - low, width = Math.Max(span / 40, 1e-12);
        double[] places = [.. Enumerable.Range(0, 72).Select(i => low - span / 20 + 1.1 * span * i / 71)];
        Plot plot = new("density of eigenvalues", "eigenvalue");
        plot.Add('*', places, places.Select(at => density.At(at, width)));
        Console.Out.WriteLine(plot);
    }

    private static void Write(Utf8JsonWriter line, int parameters, int count, CriticalPointReport report, double? below, HessianTrace trace, SpectralDensity density, Sharpness sharpness)
    {
        line.WriteNumber("parameters", parameters);
        line.WriteString("mode", "evaluation");
        line.WriteNumber("loss", report.Value);
        line.WriteNumber("gradient_norm", report.GradientNorm);
        line.WriteString("kind", report.Kind switch
        {
            CriticalPointKind.NotCritical => "not critical",
            CriticalPointKind kind => kind.ToString().ToLowerInvariant(),
        });
        line.WriteNumber("index", report.Index);
        line.WriteBoolean("index_is_exact", report.IsExact);
        line.WriteNumber("zero_up_to", report.Tolerance);
        line.WriteBoolean("converged", report.Spectrum.HasConverged);
        if (below is { } reached)
        {
            line.WriteStartObject("escape");
            line.WriteNumber("curvature", report.DescentCurvature);
            line.WriteNumber("loss", reached);
            line.WriteEndObject();
        }
        WritePairs(line, "top", report.Spectrum.Top.Take(count));
        WritePairs(line, "bottom", report.Spectrum.Bottom.Take(count));
        line.WriteNumber("trace", trace.Value);
        line.WriteFinite("trace_standard_error", trace.StandardError);
        line.WriteNumber("sharpness", sharpness.Largest);
        line.WriteNumber("lr", sharpness.LearningRate);
        line.WriteNumber("two_over_lr", sharpness.Threshold);
        line.WriteBoolean("stable", sharpness.IsStable);
        line.WriteStartObject("density");
        WriteNumbers(line, "eigenvalues", density.Nodes);
        WriteNumbers(line, "weights", density.Weights);
        line.WriteEndObject();
    }

    private static void WritePairs(Utf8JsonWriter line, string name, IEnumerable<Eigenpair> pairs)
    {
        line.WriteStartArray(name);
        foreach (Eigenpair pair in pairs)
        {
            line.WriteStartObject();
            line.WriteNumber("eigenvalue", pair.Value);
            line.WriteNumber("residual", pair.Residual);
            line.WriteEndObject();
        }
        line.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter line, string name, IReadOnlyList<double> numbers)
    {
        line.WriteStartArray(name);
        foreach (double number in numbers)
            line.WriteNumberValue(number);
        line.WriteEndArray();
    }

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
