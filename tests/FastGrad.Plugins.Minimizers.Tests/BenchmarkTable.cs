using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using FastGrad.Optimization.Minimization;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>Every minimizer on every function from both starts, and what counts as success.</summary>
internal sealed class BenchmarkTable
{
    private readonly ConcurrentDictionary<(string Minimizer, int Problem, int Factor), MinimizationResult> _results = [];

    public static IReadOnlyList<Minimizer> Minimizers { get; } =
    [
        new GradientDescent(), new ConjugateGradient(), new Bfgs(), new Lbfgs(), new LbfgsB(), new DampedNewton(), new NewtonCg(), new TrustRegion(),
        new TrustRegion(TrustRegionStep.Dogleg), new GaussNewton(), new LevenbergMarquardt(), new ProximalGradient(), new ProjectedGradient(), new NelderMead(),
    ];

    public BenchmarkTable(IEnumerable<Minimizer> minimizers, int budget, params int[] factors)
    {
        var runs = minimizers.SelectMany(minimizer => MoreGarbowHillstrom.All.SelectMany(problem => factors.Select(factor => (minimizer, problem, factor)))).ToArray();
        // No ranges: the slow runs stand together.
        Parallel.ForEach(Partitioner.Create(runs, loadBalance: true), run =>
        {
            (Minimizer minimizer, TestProblem problem, int factor) = run;
            double[] start = [.. problem.Start.Select(v => v == 0 && factor > 1 && problem.Start.All(u => u == 0) ? factor : factor * v)];
            _results[(minimizer.Name, problem.Number, factor)] = minimizer.Minimize(problem.Create(), start, new() { MaxEvaluations = budget, MaxIterations = budget, GradientTolerance = 0, TargetValue = 1e-30 });
        });
    }

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

    /// <summary>Why a function is missed, from where the search ended.</summary>
    public string Miss(string minimizer, TestProblem problem, int factor)
    {
        MinimizationResult r = this[minimizer, problem.Number, factor];
        double first = problem.Create().Value(problem.Start), scale = Math.Max(1, Math.Abs(r.Value));
        return r.Reason switch
        {
            ExitReason.MaxEvaluations or ExitReason.MaxIterations => r.Value <= 1e-6 * Math.Max(1, first) ? "near, when the budget was spent" : "far, when the budget was spent",
            ExitReason.NotFinite => "the function or its derivatives overflow",
            _ when r.GradientNorm <= 1e-6 * scale => "another stationary point, or a flat place",
            _ => "no step lowers it by more than rounding: steep and ill-conditioned here",
        };
    }

    /// <summary>How many functions each minimizer solves from each start.</summary>
    public string Summary()
    {
        StringBuilder text = new("| minimizer | from the standard starts | from ten times them |\n|---|---|---|\n");
        foreach (Minimizer minimizer in Minimizers)
            text.Append(CultureInfo.InvariantCulture, $"| {minimizer.Name} | {Successes(minimizer.Name, 1)} | {Successes(minimizer.Name, 10)} |\n");
        return text.ToString();
    }

    /// <summary>Minimizer by function, for the page.</summary>
    public string Markdown(int factor)
    {
        StringBuilder text = new();
        foreach (Minimizer minimizer in Minimizers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"### {minimizer.Name}: {Successes(minimizer.Name, factor)} of {MoreGarbowHillstrom.All.Count}").AppendLine()
                .AppendLine("| function | value reached | evaluations | ended by | missed |").AppendLine("|---|---|---|---|---|");
            foreach (TestProblem problem in MoreGarbowHillstrom.All)
            {
                MinimizationResult r = this[minimizer.Name, problem.Number, factor];
                text.AppendLine(CultureInfo.InvariantCulture, $"| {problem.Number} {problem.Name} | {r.Value:G9} | {r.Evaluations} | {r.Reason} | {(Succeeds(minimizer.Name, problem, factor) ? "" : Miss(minimizer.Name, problem, factor))} |");
            }
            text.AppendLine();
        }
        return text.ToString();
    }
}
