using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace FastGrad.Kernels.Tests.Functions;

/// <summary>The stated bounds are one number in three places (doc comment, catalogue, docs/numerics.md), and the committed measurements lie below them.</summary>
public sealed partial class PublishedNumbersTests
{
    private const double NegativeGamma = 6; // what the doc comments of log Γ and ψ state below 0

    private static readonly string s_root = Root();

    public static IEnumerable<object[]> Names => Catalogue.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void TheDocCommentStatesTheBound(string name)
    {
        Row row = Catalogue.Get(name);
        string file = row.Operator.Name.Split('`')[0] + ".cs", folder = row.Operator.Namespace!.Split('.')[^1];
        string text = File.ReadAllText(Path.Combine(s_root, "src", "FastGrad.Kernels", folder, file));
        Assert.Equal(row.Bound, Stated(text));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ThePageStatesTheBound(string name)
    {
        Row row = Catalogue.Get(name);
        string page = File.ReadAllText(Path.Combine(s_root, "docs", "numerics.md"));
        string start = string.Create(CultureInfo.InvariantCulture, $"| `{name}` | {row.Bound.Float:R}, {row.Bound.Double:R} |");
        Assert.Contains(start, page, StringComparison.Ordinal);
    }

    /// <summary>What was measured lies below the stated bound, and so do the worst inputs that the sweeps of floats and the samples of doubles met, computed again.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void TheWorstKnownInputsAreWithinTheBound(string name)
    {
        Row row = Catalogue.Get(name);
        int seen = 0;
        foreach (string type in new[] { "float", "double" })
        {
            foreach (string line in File.ReadLines(Path.Combine(s_root, "benchmarks", "results", "accuracy", type + ".jsonl")))
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement entry = document.RootElement;
                if (entry.GetProperty("function").GetString() != name || entry.GetProperty("quantity").GetString() != "value" || entry.GetProperty("who").GetString() != "FastGrad")
                    continue;
                seen++;
                double worst = entry.GetProperty("max_ulp").GetDouble(), x = entry.GetProperty("worst_input").GetDouble();
                double bound = x < 0 && row.NegativeFloor != 0 ? NegativeGamma : type == "float" ? row.Bound.Float : row.Bound.Double;
                Assert.True(worst <= bound, $"{name} in {type}: {worst} ulp were measured at {x:R}");
                double error = type == "float" ? row.Error(row.Single.Value((float)x), x) : row.Error(row.Double.Value(x), x);
                Assert.True(error <= bound, $"{name} in {type} at {x:R}: {error} ulp");
            }
        }
        Assert.Equal(2, seen);
    }

    /// <summary>The page's table of special values: −∞, −0, +0 and ∞ of every function that it names, in double and float; every function is named.</summary>
    [Fact]
    public void ThePageTellsTheSpecialValues()
    {
        double[] arguments = [double.NegativeInfinity, -0.0, 0, double.PositiveInfinity];
        string page = File.ReadAllText(Path.Combine(s_root, "docs", "numerics.md"));
        string table = page[page.IndexOf("## Special values", StringComparison.Ordinal)..page.IndexOf("`Pow`, `Hypot` and `Atan2` follow", StringComparison.Ordinal)];
        var named = new HashSet<string>();
        foreach (string line in table.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1))
        {
            string[] cells = [.. line.Split('|').Skip(1).Select(cell => cell.Trim())];
            foreach (string name in cells[0].Split(", "))
            {
                named.Add(name);
                Row row = Catalogue.Get(name);
                for (int i = 0; i < 4; i++)
                {
                    if (cells[i + 1].Length == 0)
                        continue;
                    double expected = SpecialValue(name, cells[i + 1]), value = row.Double.Value(arguments[i]);
                    Assert.True(value.Equals(expected) && double.IsNegative(value) == double.IsNegative(expected) || double.IsNaN(value) && double.IsNaN(expected), $"{name}({arguments[i]}) is {value:R}, the page says {cells[i + 1]}");
                    float single = row.Single.Value((float)arguments[i]);
                    Assert.True(single.Equals((float)expected) || float.IsNaN(single) && double.IsNaN(expected), $"{name}({arguments[i]}) is {single:R} in float, the page says {cells[i + 1]}");
                }
            }
        }
        string[] internals = ["gaussian", "normal_tail", "weighted_tail", "threshold"]; // without a row on the page: even, or with two parameters
        Assert.Equal(Catalogue.Rows.Select(row => row.Name).Except(internals).Order(), named.Order());
    }

    private static double SpecialValue(string function, string cell) => cell switch
    {
        "−∞" => double.NegativeInfinity,
        "∞" => double.PositiveInfinity,
        "NaN" => double.NaN,
        "−0" => -0.0,
        "½" => 0.5,
        "π/2" => Math.PI / 2,
        "−π/2" => -Math.PI / 2,
        "log 2" => 0.6931471805599453,
        "−log 2" => -0.6931471805599453,
        "log 2/β" => 0.23104906018664842, // β = 3
        "−α" => function == "celu" ? -1.5 : -1,
        "−λα" => -1.7580993408473766,
        "low" => -1,
        "high" => 1,
        _ => double.Parse(cell.Replace('−', '-'), CultureInfo.InvariantCulture),
    };

    private static (double Float, double Double) Stated(string text)
    {
        if (Bound().Match(text) is { Success: true } match)
        {
            double single = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            return (single, match.Groups[2].Success ? double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : single);
        }
        return OneRounding().IsMatch(text) ? (0.5, 0.5) : Exact().IsMatch(text) ? (0, 0) : throw new InvalidOperationException("no bound is stated");
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "FastGrad.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("FastGrad.sln lies in no folder above the tests.");
    }

    [GeneratedRegex(@"[Ee]rror below (\d+(?:\.\d+)?) ulp(?: in float, (\d+(?:\.\d+)?) in double)?")]
    private static partial Regex Bound();

    [GeneratedRegex(@"One rounding|correctly rounded")]
    private static partial Regex OneRounding();

    [GeneratedRegex(@"/// Exact\b")]
    private static partial Regex Exact();
}
