using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FastGrad.Kernels.Tests.Functions;

namespace FastGrad.Benchmarks.Accuracy;

/// <summary>Writes the tables of docs/numerics.md from the committed results: what stands between <c>&lt;!-- table NAME --&gt;</c> and <c>&lt;!-- end --&gt;</c>.</summary>
internal static class NumericsPage
{
    public static void Write(string file, ResultFile results)
    {
        Dictionary<(string, string, string, string), Measurement> lines = results.Read().ToDictionary(line => line.Key);
        File.WriteAllText(file, Regex.Replace(
            File.ReadAllText(file), "(<!-- table (\\w+) -->\n).*?(<!-- end -->)",
            match => match.Groups[1].Value + Table(match.Groups[2].Value, lines) + match.Groups[3].Value, RegexOptions.Singleline));
    }

    private static string Table(string name, Dictionary<(string, string, string, string), Measurement> lines) => name switch
    {
        "values" => Values(lines),
        "derivatives" => Derivatives(lines),
        "peers" => PeersOf(lines),
        _ => throw new ArgumentException($"there is no table '{name}': expected values, derivatives or peers.", nameof(name)),
    };

    private static string Values(Dictionary<(string, string, string, string), Measurement> lines)
    {
        var table = new StringBuilder("| function | stated: float, double | float: inputs | largest | at | mean | double, sample: largest | at | mean |\n|---|---|---|---|---|---|---|---|---|\n");
        foreach (Row row in Catalogue.Rows)
        {
            Measurement? single = Find(lines, row, "float", "value", "FastGrad"), twice = Find(lines, row, "double", "value", "FastGrad");
            table.Append($"| `{row.Name}` | {Number(row.Bound.Float)}, {Number(row.Bound.Double)} | {Inputs(single)} | {Error(single)} | {At(single)} | {Mean(single)} | {Error(twice)} | {At(twice)} | {Mean(twice)} |\n");
        }
        return table.ToString();
    }

    private static string Derivatives(Dictionary<(string, string, string, string), Measurement> lines)
    {
        var table = new StringBuilder("| derivative of | stated | in ulp of | float: inputs | largest | at | double, sample: largest | at |\n|---|---|---|---|---|---|---|---|\n");
        foreach (Row row in Catalogue.Rows)
        {
            Measurement? single = Find(lines, row, "float", "derivative", "FastGrad"), twice = Find(lines, row, "double", "derivative", "FastGrad");
            string scale = row.Floor == 0 ? "f′" : $"max(\\|f′\\|, {Number(row.Floor)})";
            table.Append($"| `{row.Name}` | {Number(row.DerivativeBound)} | {scale} | {Inputs(single)} | {Error(single)} | {At(single)} | {Error(twice)} | {At(twice)} |\n");
        }
        return table.ToString();
    }

    private static string PeersOf(Dictionary<(string, string, string, string), Measurement> lines)
    {
        var table = new StringBuilder("| function | FastGrad: float, double | mean | TensorPrimitives: float, double | mean | platform: float, double | mean |\n|---|---|---|---|---|---|---|\n");
        foreach (Row row in Catalogue.Rows)
        {
            if (!lines.Values.Any(line => line.Function == row.Name && line.Who != "FastGrad"))
                continue;
            table.Append($"| `{row.Name}` ");
            foreach (string who in new[] { "FastGrad", "TensorPrimitives", "platform" })
            {
                Measurement? single = Find(lines, row, "float", "value", who), twice = Find(lines, row, "double", "value", who);
                table.Append($"| {Error(single)}, {Error(twice)} | {Mean(single)}, {Mean(twice)} ");
            }
            table.Append("|\n");
        }
        return table.ToString();
    }

    private static Measurement? Find(Dictionary<(string, string, string, string), Measurement> lines, Row row, string type, string quantity, string who) =>
        lines.GetValueOrDefault((type, quantity, row.Name, who));

    private static string Error(Measurement? line) => line is null ? "–" : Short(line.MaxUlp);

    private static string Inputs(Measurement? line) => line is null ? "–" : line.Inputs == 1L << 32 ? "all" : $"1/{Math.Round((double)(1L << 32) / line.Inputs)}";

    private static string Mean(Measurement? line) => line is null ? "–" : Short(line.MeanUlp);

    private static string At(Measurement? line) => line is null || line.MaxUlp == 0 ? "–" : Number(line.WorstInput);

    private static string Number(double x) => x.ToString("R", CultureInfo.InvariantCulture).Replace('-', '−');

    private static string Short(double x) => double.IsFinite(x)
        ? x.ToString(x >= 1000 ? "0.0E+0" : x >= 100 ? "0" : "0.000", CultureInfo.InvariantCulture)
        : "∞";
}
