using System.Globalization;
using System.Text.Json;
using FastGrad.Cli.Output;
using FastGrad.Data;
using FastGrad.Training;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary>What <c>fastgrad compare</c> says at the end: one table, one picture, or a JSON object an optimizer.</summary>
internal sealed class Comparison(string data, FitOptions options, TargetKind kind, int seeds)
{
    /// <summary>The most optimizers: one letter each.</summary>
    public const int Most = 26;

    private readonly List<(NamedOptions Optimizer, IReadOnlyList<Curve> Curves)> _rows = [];

    private string Score => kind == TargetKind.Classification ? "accuracy" : "R²";

    public void Add(NamedOptions optimizer, IReadOnlyList<Curve> curves) => _rows.Add((optimizer, curves));

    public void Show()
    {
        Screen.Out.WriteLine($"{data}, {options.Model}, {_rows[0].Curves[0].Loss.Length} epochs, seeds {options.Seed} to {options.Seed + (ulong)(seeds - 1)}: means ± standard deviations");
        Table table = Screen.Table("", "training loss", $"held-out {Score}", "lowest", "highest", "µs an update (least)");
        Plot plot = new("mean training loss", "epoch") { LogY = true };
        for (int i = 0; i < _rows.Count; i++)
        {
            (NamedOptions optimizer, IReadOnlyList<Curve> curves) = _rows[i];
            char mark = (char)('a' + i);
            Spread loss = Spread.Of(curves.Select(c => c.Loss[^1])), score = Spread.Of(curves.Select(c => c.Score[^1]));
            table.AddRow(
                Markup.Escape($"{mark} {optimizer}"), Text($"{loss.Mean:G4} ± {loss.Deviation:G2}"), Text($"{score.Mean:F4} ± {score.Deviation:F4}"),
                Text($"{curves.Min(c => c.Score[^1]):F4}"), Text($"{curves.Max(c => c.Score[^1]):F4}"), Text($"{Microseconds(curves):F1}"));
            double[] mean = Means(curves, c => c.Loss);
            plot.Add(mark, Enumerable.Range(1, mean.Length).Select(epoch => (double)epoch), mean);
        }
        Screen.Out.Write(table);
        Console.Out.WriteLine(plot);
    }

    public void WriteJson()
    {
        foreach ((NamedOptions optimizer, IReadOnlyList<Curve> curves) in _rows)
        {
            JsonLine.Write(json =>
            {
                json.WriteString("dataset", data);
                json.WriteString("model", options.Model);
                json.WriteString("optimizer", optimizer.Name);
                json.WriteStartObject("options");
                foreach ((string key, string value) in optimizer.Values)
                    json.WriteString(key, value);
                json.WriteEndObject();
                json.WriteString("schedule", options.Schedule);
                json.WriteNumber("seeds", seeds);
                json.WriteNumber("first_seed", options.Seed);
                json.WriteNumber("epochs", curves[0].Loss.Length);
                Write(json, "train_loss", curves, c => c.Loss);
                Write(json, kind == TargetKind.Classification ? "test_accuracy" : "test_r2", curves, c => c.Score);
                json.WriteFinite("microseconds_per_update", Microseconds(curves));
            });
        }
    }

    // The last epoch's mean and spread, and the curves of both.
    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<Curve> curves, Func<Curve, double[]> of)
    {
        Spread last = Spread.Of(curves.Select(c => of(c)[^1]));
        json.WriteStartObject(name);
        json.WriteFinite("mean", last.Mean);
        json.WriteFinite("deviation", last.Deviation);
        json.WriteFinite("lowest", curves.Min(c => of(c)[^1]));
        json.WriteFinite("highest", curves.Max(c => of(c)[^1]));
        WriteCurve("mean_curve", epoch => Spread.Of(curves.Select(c => of(c)[epoch])).Mean);
        WriteCurve("deviation_curve", epoch => Spread.Of(curves.Select(c => of(c)[epoch])).Deviation);
        json.WriteEndObject();

        void WriteCurve(string title, Func<int, double> at)
        {
            json.WriteStartArray(title);
            for (int epoch = 0; epoch < of(curves[0]).Length; epoch++)
            {
                if (at(epoch) is var value && double.IsFinite(value))
                    json.WriteNumberValue(value);
                else
                    json.WriteNullValue();
            }
            json.WriteEndArray();
        }
    }

    private static double[] Means(IReadOnlyList<Curve> curves, Func<Curve, double[]> of) =>
        [.. Enumerable.Range(0, of(curves[0]).Length).Select(epoch => Spread.Of(curves.Select(c => of(c)[epoch])).Mean)];

    private static double Microseconds(IReadOnlyList<Curve> curves) => curves.Min(c => 1e6 * c.Seconds / c.Updates); // the first training of a process is compiled on the way

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Mean and standard deviation of a sample; of a single value the deviation is 0.</summary>
    private readonly record struct Spread(double Mean, double Deviation)
    {
        public static Spread Of(IEnumerable<double> values)
        {
            double[] all = [.. values];
            double mean = all.Average();
            return new(mean, all.Length < 2 ? 0 : Math.Sqrt(all.Sum(v => (v - mean) * (v - mean)) / (all.Length - 1)));
        }
    }
}
