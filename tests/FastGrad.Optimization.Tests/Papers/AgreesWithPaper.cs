using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins.FirstOrder;
using FastGrad.Plugins.Modern;
using FastGrad.Testing.Conformance;

namespace FastGrad.Optimization.Tests.Papers;

/// <summary>Every optimizer over 200 steps on three problems against its paper's recurrences, written here anew.</summary>
public class AgreesWithPaper
{
    private const int Steps = 200, Enough = 20;

    private static readonly OptimizerRegistry Optimizers = new PluginRegistry([new FirstOrderPlugin(), new ModernPlugin()]).Optimizers;

    private static readonly PaperCase[] All = [.. FirstOrderPapers.Cases, .. ModernPapers.Cases];

    public static TheoryData<string, int> Cases()
    {
        TheoryData<string, int> cases = [];
        for (int k = 0; k < All.Length; k++)
        {
            foreach (string problem in new[] { "rosenbrock", "quadratic", "logistic" })
                cases.Add($"{problem}: {All[k].Optimizer} {string.Join(' ', All[k].Options)}", k);
        }
        return cases;
    }

    [Fact]
    public void Every_optimizer_has_a_case() => Assert.Empty(Optimizers.Names.Except(All.Select(c => c.Optimizer)));

    /// <summary>
    /// Within max(1e-11, 100 times what relative noise of 4e-16 on the gradients and of one rounding on the parameters does), until that
    /// is more than 1e-3.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Follows_its_recurrences(string name, int index)
    {
        PaperCase paper = All[index];
        PaperProblem problem = PaperProblem.Of(name[..name.IndexOf(':', StringComparison.Ordinal)]);
        ArrayParameter<double> x = new(new ParameterInfo("x", [problem.Rows, problem.Columns]), problem.Start, new double[problem.Count]);
        Optimizer<double> optimizer = Optimizers[paper.Optimizer].Create<double>([x], OptionValues.Parse(paper.Options));
        Objective<double> objective = new()
        {
            Loss = () => problem.Loss(x.Values),
            Reevaluate = () =>
            {
                problem.Gradient(x.Values).CopyTo(x.Gradient!, 0);
                return problem.Loss(x.Values);
            },
            HessianVector = (direction, product) => problem.HessianVector(x.Values, direction(0).ToArray()).CopyTo(product(0)),
        };
        double[] exact = problem.Start, noisy = problem.Start;
        Paper recurrences = paper.Recurrences(problem), shaken = paper.Recurrences(problem);
        double tolerance = 1e-11;
        for (int t = 1; t <= Steps; t++)
        {
            problem.Gradient(x.Values).CopyTo(x.Gradient!, 0);
            optimizer.Step(objective);
            recurrences(exact, problem.Gradient(exact), t, problem);
            double[] g = problem.Gradient(noisy);
            for (int i = 0; i < g.Length; i++)
                g[i] *= 1 + 4e-16 * TestProblem.Uniform(21, (ulong)t, (ulong)i);
            shaken(noisy, g, t, problem);
            for (int i = 0; i < g.Length; i++)
                noisy[i] *= 1 + 1.1e-16 * TestProblem.Uniform(22, (ulong)t, (ulong)i);
            tolerance = Math.Max(tolerance, 100 * Distance(exact, noisy));
            if (tolerance > 1e-3)
            {
                Assert.True(t > Enough, $"after {t} steps the recurrences themselves are {tolerance / 100:g3} apart");
                return;
            }
            double distance = Distance(exact, x.Values);
            Assert.True(distance <= tolerance, $"after {t} steps {distance:g3} away; the tolerance is {tolerance:g3}");
        }
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, (u, v) => Math.Abs(u - v) / Math.Max(1, Math.Abs(u))).Max();
}
