using System.Globalization;
using FastGrad.Optimization.Minimization;
using Xunit;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>docs/minimizers.md tells what the library does.</summary>
public sealed class PageTests
{
    // Of + − × ÷ and roots alone, so that their values have the same bits on every machine.
    private static readonly int[] s_algebraic = [1, 2, 4, 5, 8, 13, 14, 15, 25, 27, 30, 32, 33];

    private static readonly string[] s_page = File.ReadAllLines(Path.Combine(Root(), "docs", "minimizers.md"));

    [Theory]
    [MemberData(nameof(MinimizerTests.Names), MemberType = typeof(MinimizerTests))]
    public void Runs_end_as_the_page_says(string name)
    {
        Minimizer minimizer = BenchmarkTable.Minimizers.Single(m => m.Name == name);
        foreach (int factor in (int[])[1, 10])
        {
            string[] rows = Section(name, factor);
            Assert.Equal(35, rows.Length);
            foreach (TestProblem problem in MoreGarbowHillstrom.All.Where(p => s_algebraic.Contains(p.Number)))
            {
                MinimizationResult result = BenchmarkTable.Run(minimizer, problem, factor, budget: 2000);
                Assert.InRange(result.Evaluations, 1, 2000);
                Assert.StartsWith(BenchmarkTable.Row(problem, result), rows[problem.Number - 1], StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Successes_and_reasons_add_up()
    {
        foreach (Minimizer minimizer in BenchmarkTable.Minimizers)
        {
            string[] counts = s_page.Single(line => line.StartsWith($"| {minimizer.Name} |", StringComparison.Ordinal) && line.Count(c => c == '|') == 4).Split('|', StringSplitOptions.TrimEntries);
            foreach ((int factor, string count) in (ReadOnlySpan<(int, string)>)[(1, counts[2]), (10, counts[3])])
            {
                string[] reasons = [.. Section(minimizer.Name, factor).Select(line => line.Split('|', StringSplitOptions.TrimEntries)[5])];
                Assert.Equal(int.Parse(count, CultureInfo.InvariantCulture), reasons.Count(reason => reason.Length == 0));
                Assert.All(reasons.Where(reason => reason.Length > 0), reason => Assert.Matches(@"\d", reason));
            }
        }
        Assert.InRange(Solved("levenberg-marquardt"), 30, 35);
        Assert.InRange(Solved("trust-ncg"), 28, 35);
        Assert.InRange(Solved("l-bfgs"), 25, 35);

        static int Solved(string name) => Section(name, 1).Count(line => line.EndsWith("|  |", StringComparison.Ordinal));
    }

    private static string[] Section(string name, int factor)
    {
        int part = Array.IndexOf(s_page, factor == 1 ? "## Runs from the standard starts" : "## Runs from ten times the standard starts");
        int head = Array.FindIndex(s_page, part, line => line.StartsWith($"### {name}: ", StringComparison.Ordinal));
        return s_page[(head + 4)..(head + 39)];
    }

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FastGrad.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
