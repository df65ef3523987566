using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Plugins;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>Every minimizer on every function from both starts, and what counts as success.</summary>
internal sealed class BenchmarkTable
{
    private readonly ConcurrentDictionary<(string Minimizer, int Problem, int Factor), MinimizationResult> _results = [];

    /// <summary>All that the plugin brings, in its order.</summary>
    public static IReadOnlyList<Minimizer> Minimizers { get; } = [.. new PluginRegistry(new MinimizersPlugin()).Minimizers];

    public BenchmarkTable(IEnumerable<Minimizer> minimizers, int budget, params int[] factors)
    {
        var runs = minimizers.SelectMany(minimizer => MoreGarbowHillstrom.All.SelectMany(problem => factors.Select(factor => (minimizer, problem, factor)))).ToArray();
        // No ranges: the slow runs stand together.
        Parallel.ForEach(Partitioner.Create(runs, loadBalance: true), run =>
        {
            (Minimizer minimizer, TestProblem problem, int factor) = run;
            _results[(minimizer.Name, problem.Number, factor)] = Run(minimizer, problem, factor, budget);
        });
    }

    /// <summary>The standard start, or ten times it; where that is 0, ten in each variable.</summary>
    public static double[] Start(TestProblem problem, int factor) => [.. problem.Start.Select(v => v == 0 && factor > 1 && problem.Start.All(u => u == 0) ? factor : factor * v)];

    /// <summary>One run: no tolerance on the gradient, only the budget and what is as good as 0.</summary>
    public static MinimizationResult Run(Minimizer minimizer, TestProblem problem, int factor, int budget) =>
        minimizer.Minimize(problem.Create(), Start(problem, factor), new() { MaxEvaluations = budget, MaxIterations = budget, GradientTolerance = 0, TargetValue = 1e-30 });

    public MinimizationResult this[string minimizer, int problem, int factor] => _results[(minimizer, problem, factor)];

    /// <summary>The published minima to all digits: the least value found near each.</summary>
    public double Refined(TestProblem problem, double published) => _results.Where(r => r.Key.Problem == problem.Number)
        .Select(r => r.Value.Value).Where(f => Math.Abs(f - published) <= 2e-5 * published).DefaultIfEmpty(double.NaN).Min();

    public bool Succeeds(string minimizer, TestProblem problem, int factor)
    {
        MinimizationResult result = this[minimizer, problem.Number, factor];
        double first = problem.Create().Value(problem.Start);
        return problem.Minima.Any(minimum => minimum == 0
            ? result.Value <= 1e-20 * Math.Max(1, first)
            : Math.Abs(result.Value - Refined(problem, minimum)) <= 1e-10 * minimum);
    }

    public int Successes(string minimizer, int factor) => MoreGarbowHillstrom.All.Count(problem => Succeeds(minimizer, problem, factor));

    /// <summary>How many functions each minimizer solves from each start.</summary>
    public string Summary()
    {
        StringBuilder text = new("| minimizer | from the standard starts | from ten times them |\n|---|---|---|\n");
        foreach (Minimizer minimizer in Minimizers)
            text.Append(CultureInfo.InvariantCulture, $"| {minimizer.Name} | {Successes(minimizer.Name, 1)} | {Successes(minimizer.Name, 10)} |\n");
        return text.ToString();
    }

    /// <summary>Minimizer by function: the evaluations of a run that succeeds, and a dash for one that misses.</summary>
    public string Matrix(int factor)
    {
        StringBuilder text = new("| function |");
        foreach (Minimizer minimizer in Minimizers)
            text.Append(CultureInfo.InvariantCulture, $" {minimizer.Name} |");
        text.Append("\n|---|").Insert(text.Length, "---|", Minimizers.Count).Append('\n');
        foreach (TestProblem problem in MoreGarbowHillstrom.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {problem.Number} {problem.Name} |");
            foreach (Minimizer minimizer in Minimizers)
                text.Append(CultureInfo.InvariantCulture, $" {(Succeeds(minimizer.Name, problem, factor) ? this[minimizer.Name, problem.Number, factor].Evaluations.ToString(CultureInfo.InvariantCulture) : "–")} |");
            text.Append('\n');
        }
        return text.Append('\n').ToString();
    }

    /// <summary>The row of a function in a minimizer's table, without its reason for a miss.</summary>
    public static string Row(TestProblem problem, MinimizationResult r) =>
        string.Create(CultureInfo.InvariantCulture, $"| {problem.Number} {problem.Name} | {r.Value:G9} | {r.Evaluations} | {r.Reason} |");

    /// <summary>A table for each minimizer, for the page.</summary>
    public string Markdown(int factor)
    {
        StringBuilder text = new();
        foreach (Minimizer minimizer in Minimizers)
        {
            text.Append(CultureInfo.InvariantCulture, $"### {minimizer.Name}: {Successes(minimizer.Name, factor)} of {MoreGarbowHillstrom.All.Count}\n\n| function | value reached | evaluations | ended by | missed |\n|---|---|---|---|---|\n");
            foreach (TestProblem problem in MoreGarbowHillstrom.All)
            {
                MinimizationResult r = this[minimizer.Name, problem.Number, factor];
                text.Append(CultureInfo.InvariantCulture, $"{Row(problem, r)} {(Succeeds(minimizer.Name, problem, factor) ? "" : Miss.Reason(problem, r, Start(problem, factor)))} |\n");
            }
            text.Append('\n');
        }
        return text.ToString();
    }
}
