using FastGrad.Autograd;
using FastGrad.Minimization;
using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;
using FastGrad.Plugins.Minimizers;
using Xunit;
using static FastGrad.Minimization.MinimizationChain;

namespace FastGrad.Tests.Minimization;

/// <summary>Derivatives of problems by automatic differentiation, and minimizers one after another.</summary>
public sealed class ChainTests
{
    /// <summary>Rosenbrock: gradient, Hessian and products against the derivatives done by hand.</summary>
    [Fact]
    public void Derivatives_are_those_of_the_function()
    {
        MinimizationProblem problem = TensorProblem.Of(2, Rosenbrock);
        double[] x = [-1.2, 1], gradient = new double[2], hessian = new double[4], product = new double[2];
        Assert.Equal(24.2, problem.Value(x), 1e-12);
        Assert.Equal(24.2, problem.Gradient!(x, gradient), 1e-12);
        Equal([-400 * x[0] * (x[1] - x[0] * x[0]) - 2 * (1 - x[0]), 200 * (x[1] - x[0] * x[0])], gradient);
        problem.Hessian!(x, hessian);
        double[] expected = [1200 * x[0] * x[0] - 400 * x[1] + 2, -400 * x[0], -400 * x[0], 200];
        Equal(expected, hessian);
        problem.HessianVector!(x, [0.3, -2], product);
        Equal([0.3 * expected[0] - 2 * expected[1], 0.3 * expected[2] - 2 * expected[3]], product);
    }

    [Fact]
    public void Residuals_give_Jacobian_and_Hessian()
    {
        // r = (10(x₂ − x₁²), 1 − x₁) is Rosenbrock's function again; a third residual of 0 makes m ≠ n.
        MinimizationProblem problem = TensorProblem.LeastSquares(2, 3, x =>
        {
            Tensor<double> a = x.Slice(0, 0, 1), b = x.Slice(0, 1, 1);
            return TensorShapes.Concatenate(0, 10 * (b - a * a), 1 - a, a * 0);
        });
        double[] x = [-1.2, 1], jacobian = new double[6], gradient = new double[2], hessian = new double[4];
        problem.Jacobian!(x, jacobian);
        Equal([-20 * x[0], 10, -1, 0, 0, 0], jacobian);
        Assert.Equal(24.2, problem.Gradient!(x, gradient), 1e-12);
        Equal([-400 * x[0] * (x[1] - x[0] * x[0]) - 2 * (1 - x[0]), 200 * (x[1] - x[0] * x[0])], gradient);
        problem.Hessian!(x, hessian);
        Equal([1200 * x[0] * x[0] - 400 * x[1] + 2, -400 * x[0], -400 * x[0], 200], hessian);
        Assert.Contains("expected 4 elements", Assert.Throws<ArgumentException>(() => TensorProblem.LeastSquares(2, 4, v => v).Value(x)).Message);
        Assert.Contains("expected one element", Assert.Throws<ArgumentException>(() => TensorProblem.Of(2, v => v).Value(x)).Message);
    }

    [Fact]
    public void One_derivative_may_be_the_callers()
    {
        int asked = 0;
        MinimizationProblem problem = TensorProblem.Of(2, Rosenbrock) with
        {
            Hessian = (x, h) =>
            {
                asked++;
                (h[0], h[1], h[2], h[3]) = (1200 * x[0] * x[0] - 400 * x[1] + 2, -400 * x[0], -400 * x[0], 200);
            },
        };
        MinimizationResult result = new DampedNewton().Minimize(problem, [-1.2, 1]);
        Assert.InRange(asked, 5, 100);
        Equal([1, 1], result.Point, 1e-10);
    }

    [Fact]
    public void Legs_go_on_from_the_best_point()
    {
        MinimizationResult result = Minimize(Rosenbrock).With("adamw", steps: 500, options: new() { { "lr", 0.02 }, { "weight_decay", 0.0 } }).Then("lbfgs", steps: 5).Then("trust-ncg").From([-1.2, 1]);
        Equal([1, 1], result.Point, 1e-8);
        Assert.True(result.Converged, result.Reason.ToString());
        Assert.Equal(["adamw", "l-bfgs", "trust-ncg"], result.Legs.Select(leg => leg.Minimizer));
        Assert.Equal((500, 5), (result.Legs[0].Iterations, result.Legs[1].Iterations));
        Assert.True(result.Legs[0].Value < 24.2 && result.Legs[1].Value < result.Legs[0].Value && result.Legs[2].Value < result.Legs[1].Value);
        Assert.Equal(result.Legs.Sum(leg => leg.Iterations), result.Iterations);
        Assert.Equal(result.Legs.Sum(leg => leg.Evaluations), result.Evaluations);
        Assert.Equal(result.Legs[2].Reason, result.Reason);
        Assert.Equal(result.Legs[2].GradientNorm, result.GradientNorm);
    }

    [Fact]
    public void Budget_progress_and_cancellation_are_the_whole_chains()
    {
        MinimizationChain chain = Minimize(Rosenbrock).With("gradient-descent", steps: 4).Then("adam").Then("bfgs");
        MinimizationResult few = chain.From([-1.2, 1], new() { MaxEvaluations = 60 });
        Assert.Equal((ExitReason.MaxEvaluations, 2), (few.Reason, few.Legs.Count));
        Assert.Equal(60, few.Evaluations);
        Assert.Equal(ExitReason.MaxIterations, chain.From([-1.2, 1], new() { MaxIterations = 10 }).Reason);

        List<int> seen = [];
        using CancellationTokenSource source = new();
        MinimizationResult cancelled = chain.From([-1.2, 1], new()
        {
            Cancellation = source.Token,
            Progress = p =>
            {
                seen.Add(p.Iteration);
                if (p.Iteration == 9)
                    source.Cancel();
            },
        });
        Assert.Equal(Enumerable.Range(1, 9), seen);
        Assert.Equal((ExitReason.Cancelled, 9, 2), (cancelled.Reason, cancelled.Iterations, cancelled.Legs.Count));
    }

    /// <summary>What optimizers may ask for beyond gradients is there: losses, closures, products with the Hessian.</summary>
    [Theory]
    [InlineData("polyak")]
    [InlineData("adahessian")]
    [InlineData("schedule_free_adamw")]
    public void Every_optimizer_is_a_leg(string near)
    {
        string name = OptimizerRegistry.Standard.Names.Single(n => n.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal) == near.Replace("_", "", StringComparison.Ordinal));
        // ½Σ k·xₖ²: convex, least 0.
        MinimizationResult result = Minimize(x => (x * x * Tensor.From(0.5, 1, 1.5)).Sum()).With(name, steps: 300).From([1.0, -1, 1]);
        Assert.True(result.Value < 2.5, $"{name}: {result.Value}");
        Assert.Equal(name, result.Minimizer);
    }

    [Fact]
    public void Names_are_looked_up_when_the_chain_is_written()
    {
        MinimizationChain chain = Minimize(Rosenbrock);
        Assert.Contains("Did you mean 'trust-ncg'", Assert.Throws<ArgumentException>(() => chain.With("trust-nc")).Message);
        Assert.Contains("Did you mean 'adamw'", Assert.Throws<ArgumentException>(() => chain.With("adamww")).Message);
        Assert.Contains("lr", Assert.Throws<ArgumentException>(() => chain.With("adam", options: new() { { "rate", 1.0 } })).Message);
        Assert.Contains("takes no options", Assert.Throws<ArgumentException>(() => chain.With("l-bfgs", options: new() { { "lr", 1.0 } })).Message);
        Assert.Contains("0 steps", Assert.Throws<ArgumentOutOfRangeException>(() => chain.With("bfgs", steps: 0)).Message);
        Assert.Contains("no legs", Assert.Throws<InvalidOperationException>(() => chain.From([1.0, 2])).Message);
        Assert.Contains("'l-bfgs'", Assert.Throws<ArgumentException>(() => MinimizerRegistry.Standard["l-bfg"]).Message);
        Assert.Equal(20, MinimizerRegistry.Standard.Count);
        Assert.Equal("l-bfgs", chain.With("L-BFGS", steps: 1).From([-1.2, 1]).Minimizer);
    }

    private static Tensor<double> Rosenbrock(Tensor<double> x)
    {
        Tensor<double> a = x.Select(0, 0), b = x.Select(0, 1), bend = b - a * a, rest = 1 - a;
        return 100 * (bend * bend) + rest * rest;
    }

    private static void Equal(double[] expected, double[] actual, double tolerance = 1e-11) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance * Math.Max(1, Math.Abs(pair.First))));
}
