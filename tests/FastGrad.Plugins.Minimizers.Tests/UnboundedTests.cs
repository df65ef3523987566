using FastGrad.Optimization.Minimization;
using Xunit;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>Functions that fall without bound are told from budgets that are too small.</summary>
public sealed class UnboundedTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (Minimizer minimizer in BenchmarkTable.Minimizers.Where(m => (m.Needs & MinimizerNeeds.Residuals) == 0))
            {
                foreach (string function in s_functions.Keys)
                    cases.Add(minimizer.Name, function);
            }
            return cases;
        }
    }

    // Value, slope and curvature of one variable; f(x, y) = g(x) + (y − 1)².
    private static readonly Dictionary<string, Func<double, (double Value, double Slope, double Curvature)>> s_functions = new()
    {
        ["a line"] = x => (3 - 2 * x, -2, 0),
        ["a hill"] = x => (-x * x, -2 * x, -2),
        ["a cubic"] = x => (-x * x * x, -3 * x * x, -6 * x),
        ["a line after a valley's wall"] = x => (Math.Sqrt(1 + x * x) - 2 * x, x / Math.Sqrt(1 + x * x) - 2, Math.Pow(1 + x * x, -1.5)),
    };

    private static readonly string[] s_firstOrder = ["gradient-descent", "gradient-descent-wolfe", "fista", "proximal-gradient", "projected-gradient"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_fall_without_bound_is_told(string minimizer, string function)
    {
        Func<double, (double Value, double Slope, double Curvature)> g = s_functions[function];
        // Where curvature in y bounds the steps along x, methods of first order cannot tell a line from a long way.
        double bowl = s_firstOrder.Contains(minimizer) ? 0 : 1;
        MinimizationProblem problem = MinimizationProblem.Of(2, Value, (x, gradient) =>
        {
            (gradient[0], gradient[1]) = (g(x[0]).Slope, bowl * 2 * (x[1] - 1));
            return Value(x);
        }) with
        {
            Hessian = (x, h) => (h[0], h[1], h[2], h[3]) = (g(x[0]).Curvature, 0, 0, 2 * bowl),
        };
        MinimizationResult result = BenchmarkTable.Minimizers.Single(m => m.Name == minimizer).Minimize(problem, [0.5, 0]);
        Assert.True(result.Reason == ExitReason.Unbounded, $"{result.Reason} at {result.Value:R}, {result.Iterations} iterations, {result.Evaluations} evaluations");
        Assert.True(result.Value < -1e20);

        double Value(ReadOnlySpan<double> x) => g(x[0]).Value + bowl * (x[1] - 1) * (x[1] - 1);
    }

    /// <summary>Large but finite minima are no falls.</summary>
    [Theory]
    [MemberData(nameof(MinimizerTests.Names), MemberType = typeof(MinimizerTests))]
    public void A_deep_minimum_is_a_minimum(string minimizer)
    {
        // (x − 1e6)² − 1e12: from −0 to −1e12.
        MinimizationProblem problem = MinimizationProblem.Of(1, x => x[0] * (x[0] - 2e6), (x, g) =>
        {
            g[0] = 2 * x[0] - 2e6;
            return x[0] * (x[0] - 2e6);
        }) with
        {
            Hessian = (x, h) => h[0] = 2,
        };
        Minimizer found = BenchmarkTable.Minimizers.Single(m => m.Name == minimizer);
        if ((found.Needs & MinimizerNeeds.Residuals) != 0)
            return;
        MinimizationResult result = found.Minimize(problem, [0.0]);
        Assert.True(result.Converged, result.Reason.ToString());
        Assert.Equal(1e6, result.Point[0], 1);
    }
}
