using System.Globalization;
using System.Text;
using System.Text.Json;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;

namespace FastGrad.Optimization.Tests.Optimizers;

/// <summary>The table of times in docs/optimizers.md is what was measured, for every optimizer. With FASTGRAD_WRITE_DOCS=1 the test writes it.</summary>
public class MeasuredTable
{
    private const string Begin = "<!-- measured: begin -->", End = "<!-- measured: end -->";

    private static readonly OptimizerRegistry Optimizers = new PluginRegistry([new FirstOrderPlugin(), new ModernPlugin()]).Optimizers;

    [Fact]
    public void Times_are_those_of_the_results()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "FastGrad.sln")))
            root = root.Parent;
        Dictionary<string, double> microseconds = [], rates = [];
        foreach (string line in File.ReadLines(Path.Combine(root!.FullName, "benchmarks", "results", "plugins", "amd-epyc-25-17.jsonl")))
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            string id = row.GetProperty("workload").GetString()!;
            microseconds[id] = row.GetProperty("median_us").GetDouble();
            rates[id] = row.GetProperty("gflops_or_gbs").GetDouble();
        }
        string path = Path.Combine(root.FullName, "docs", "optimizers.md"), text = File.ReadAllText(path);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = text.IndexOf(End, StringComparison.Ordinal);
        string expected = Table(microseconds, rates);
        if (Environment.GetEnvironmentVariable("FASTGRAD_WRITE_DOCS") == "1")
            File.WriteAllText(path, text[..begin] + expected + text[end..]);
        else
            Assert.Equal(expected, text[begin..end]);
    }

    private static string Table(Dictionary<string, double> microseconds, Dictionary<string, double> rates)
    {
        StringBuilder table = new("\n\n| name | bytes a parameter | 1K: ns | its limit | 1M: ns | its limit | times the limit |\n|---|---|---|---|---|---|---|\n");
        foreach (OptimizerDefinition optimizer in Optimizers)
        {
            int bytes = 4 * (3 + 2 * optimizer.DescribeState().Count(slot => slot.Shape is [8, 8]));
            bool large = microseconds.ContainsKey($"opt.{optimizer.Name}.1M");
            double few = microseconds[$"opt.{optimizer.Name}.1K"], many = large ? microseconds[$"opt.{optimizer.Name}.1M"] / 1000 : microseconds[$"opt.{optimizer.Name}.64K"] / 65.536;
            double nearest = bytes / rates["limits.update.16K"], limit = bytes / rates["limits.update.8M"];
            table.Append(CultureInfo.InvariantCulture, $"| `{optimizer.Name}`{(large ? "" : "†")} | {bytes} | {Digits(few)} | {nearest:0.000} | {Digits(many)} | {limit:0.000} | {Digits(many / limit)} |\n");
        }
        table.Append("\n| name | bytes a parameter | 25M: ns | its limit | times the limit |\n|---|---|---|---|---|\n");
        foreach ((string name, int bytes) in new[] { ("sgdm", 20), ("adam", 28), ("adamw", 28) })
        {
            double time = microseconds[$"opt.{name}.25M"] / 25_000, limit = bytes / rates["limits.update.256M"];
            table.Append(CultureInfo.InvariantCulture, $"| `{name}` | {bytes} | {Digits(time)} | {limit:0.000} | {Digits(time / limit)} |\n");
        }
        return table.Append(CultureInfo.InvariantCulture,
            $"\nA thousand vectors of 100 parameters take `adamw` {microseconds["opt.adamw.small"]:0} µs, one of 100 000 takes {microseconds["opt.adamw.100K"]:0} µs.\n\n").ToString();
    }

    private static string Digits(double x) => x.ToString(x < 10 ? "0.000" : "0", CultureInfo.InvariantCulture);
}
