using System.Globalization;
using FastGrad.Optimization.Minimization;
using Xunit;
using Xunit.Abstractions;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>How many of the 35 functions each minimizer solves.</summary>
public sealed class MoreGarbowHillstromTests(ITestOutputHelper output)
{
    private const int PageBudget = 2000;

    private static readonly Lazy<BenchmarkTable> s_table = new(() => new([new LevenbergMarquardt(), new TrustRegion(), new Lbfgs(), new Bfgs(), new DampedNewton(), new GaussNewton()], 5000, 1));

    [Theory]
    [InlineData("levenberg-marquardt", 30)]
    [InlineData("trust-ncg", 28)]
    [InlineData("l-bfgs", 25)]
    [InlineData("bfgs", 25)]
    [InlineData("newton", 25)]
    public void StandardStarts(string minimizer, int least)
    {
        BenchmarkTable table = s_table.Value;
        foreach (TestProblem problem in MoreGarbowHillstrom.All.Where(p => !table.Succeeds(minimizer, p, 1)))
        {
            MinimizationResult r = table[minimizer, problem.Number, 1];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{problem.Number} {problem.Name}: {r.Value:G9}, {r.Evaluations} evaluations, {r.Reason}"));
        }
        Assert.InRange(table.Successes(minimizer, 1), least, 35);
    }

    [Fact]
    public void PublishedMinimaAreFound()
    {
        foreach (TestProblem problem in MoreGarbowHillstrom.All)
            Assert.True(problem.Minima.Any(m => m == 0 || !double.IsNaN(s_table.Value.Refined(problem, m))), $"{problem.Number} {problem.Name}: no minimizer came near {string.Join(" or ", problem.Minima)}");
    }

    [Fact]
    public void NothingThrowsNorHangsFromTenTimesTheStart()
    {
        BenchmarkTable table = new([new Lbfgs(), new LevenbergMarquardt()], 5000, 10);
        foreach (TestProblem problem in MoreGarbowHillstrom.All)
        {
            double first = problem.Create().Value([.. problem.Start.Select(v => 10 * v)]);
            Assert.True(!(table["l-bfgs", problem.Number, 10].Value > first), problem.Name);
        }
    }

    /// <summary>Writes the tables of docs/minimizers.md; only where FASTGRAD_MINIMIZERS_PAGE names the file.</summary>
    [Fact]
    public void ThePageIsWritten()
    {
        if (Environment.GetEnvironmentVariable("FASTGRAD_MINIMIZERS_PAGE") is not { Length: > 0 } path)
            return;
        BenchmarkTable both = new(BenchmarkTable.Minimizers, PageBudget, 1, 10);
        string before = File.ReadAllText(path), mark = "<!-- tables -->";
        File.WriteAllText(path, $"{before[..(before.IndexOf(mark, StringComparison.Ordinal) + mark.Length)]}\n\nOf 35 functions are solved:\n\n{both.Summary()}\n"
            + $"## From the standard starts\n\nEvaluations until the function was solved, or – for a miss, whose reason stands below.\n\n{both.Matrix(1)}"
            + $"## From ten times the standard starts\n\n{both.Matrix(10)}## Runs from the standard starts\n\n{both.Markdown(1)}## Runs from ten times the standard starts\n\n{both.Markdown(10).TrimEnd()}\n");
    }
}
