using FastGrad.Optimization.Minimization;
using Xunit;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>Closed forms, bounds, sets, budgets and refusals.</summary>
public sealed class MinimizerTests
{
    public static TheoryData<string> Names => [.. BenchmarkTable.Minimizers.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AQuadraticIsSolved(string name)
    {
        // (x − 3)² + 10(y + 1)² + 2: least at (3, −1).
        MinimizationProblem problem = Name(name) is GaussNewton or LevenbergMarquardt
            ? MinimizationProblem.LeastSquares(2, 3, (x, r) => (r[0], r[1], r[2]) = (x[0] - 3, Math.Sqrt(10) * (x[1] + 1), Math.Sqrt(2)), (x, j) =>
            {
                j.Clear();
                (j[0], j[3]) = (1, Math.Sqrt(10));
            })
            : MinimizationProblem.Of(2, Value, (x, g) =>
            {
                (g[0], g[1]) = (2 * (x[0] - 3), 20 * (x[1] + 1));
                return Value(x);
            }) with
            {
                Hessian = (x, h) => (h[0], h[1], h[2], h[3]) = (2, 0, 0, 20),
            };
        MinimizationResult result = Name(name).Minimize(problem, [0, 0], new() { GradientTolerance = 1e-9, MaxIterations = 2000 });
        Assert.True(result.Converged, result.Reason.ToString());
        Assert.Equal(3, result.Point[0], 1e-6);
        Assert.Equal(-1, result.Point[1], 1e-6);
        Assert.Equal(2, result.Value, 1e-12);

        static double Value(ReadOnlySpan<double> x) => (x[0] - 3) * (x[0] - 3) + 10 * (x[1] + 1) * (x[1] + 1) + 2;
    }

    [Theory]
    [InlineData("l-bfgs-b")]
    [InlineData("projected-gradient")]
    [InlineData("nelder-mead")]
    [InlineData("levenberg-marquardt")]
    public void BoundsAreKept(string name)
    {
        // Rosenbrock with x ≤ ½: the least value is (1 − ½)² = ¼, at (½, ¼).
        double highest = double.NegativeInfinity;
        MinimizationProblem squares = MinimizationProblem.LeastSquares(2, 2, (x, r) =>
        {
            highest = Math.Max(highest, x[0]);
            (r[0], r[1]) = (10 * (x[1] - x[0] * x[0]), 1 - x[0]);
        }, (x, j) => (j[0], j[1], j[2], j[3]) = (-20 * x[0], 10, -1, 0)) with
        {
            Upper = new double[] { 0.5, 2 },
            Lower = new double[] { -2, -2 },
        };
        MinimizationResult result = Name(name).Minimize(squares, [-1.2, 1], new() { MaxEvaluations = 20_000, MaxIterations = 20_000 });
        Assert.Equal(0.25, result.Value, 1e-8);
        Assert.Equal(0.5, result.Point[0], 1e-5);
        Assert.True(highest <= 0.5, $"it was evaluated at {highest}");
    }

    /// <summary>½xᵀAx − bᵀx within [0, 1]³ has its minimum at (1, 0, ⅓), where two bounds are active; from any corner, also those whose bounds must be left again.</summary>
    [Theory]
    [InlineData("l-bfgs-b")]
    [InlineData("projected-gradient")]
    [InlineData("nelder-mead")]
    [InlineData("levenberg-marquardt")]
    public void ActiveBoundsAreFoundAndOthersAreLeft(string name)
    {
        // Residuals Rx − c with R = ((2, 1, 1), (0, 2, 1), (0, 0, 2)).
        double[] c = [4, -2, 1];
        int calls = 0;
        MinimizationProblem problem = MinimizationProblem.LeastSquares(3, 3, (x, r) =>
        {
            calls++;
            foreach (double v in x)
                Assert.InRange(v, 0, 1);
            (r[0], r[1], r[2]) = (2 * x[0] + x[1] + x[2] - c[0], 2 * x[1] + x[2] - c[1], 2 * x[2] - c[2]);
        }, (_, j) => ((ReadOnlySpan<double>)[2, 1, 1, 0, 2, 1, 0, 0, 2]).CopyTo(j)) with
        {
            Lower = new double[3],
            Upper = new double[] { 1, 1, 1 },
        };
        foreach (double[] start in (double[][])[[0, 0, 0], [1, 1, 1], [0, 1, 1], [0, 1, 0], [0.5, 0.5, 0.5], [-3, 9, 0.5]])
        {
            MinimizationResult result = Name(name).Minimize(problem, start, new() { MaxEvaluations = 20_000, MaxIterations = 20_000 });
            // With x₁ = 1, x₂ = 0: (z − 2)² + (z + 2)² + (2z − 1)² is least at z = ⅓; the slopes there are −10/3·2 for x₁ and 6 for x₂, which push outward.
            double third = 1 / 3.0, slope1 = 2 * 2 * (2 + third - 4), slope2 = 2 * ((2 + third - 4) + 2 * (third + 2));
            Assert.True(slope1 < 0 && slope2 > 0);
            Assert.Equal(1, result.Point[0], 1e-7);
            Assert.Equal(0, result.Point[1], 1e-7);
            Assert.Equal(third, result.Point[2], 1e-6);
            Assert.Equal((third - 2) * (third - 2) + (third + 2) * (third + 2) + third * third, result.Value, 1e-10);
        }
        Assert.InRange(calls, 6, 200_000);
    }

    [Fact]
    public void SoftThresholdsSolveTheLasso()
    {
        // ½‖x − a‖² + λ‖x‖₁: each a falls by λ, to 0 at least.
        double[] a = [3, -0.4, 0.9, -2];
        MinimizationProblem problem = Distance(a) with { Regularizer = Proximal.L1(0.5) };
        foreach (Minimizer minimizer in (Minimizer[])[new ProximalGradient(), new ProximalGradient(accelerated: false)])
        {
            double[] x = minimizer.Minimize(problem, new double[4], new() { GradientTolerance = 1e-13 }).Point;
            Assert.Equal([2.5, 0, 0.4, -1.5], x.Select(v => Math.Round(v, 10)));
            Assert.Equal(0, x[1]);
        }
    }

    [Fact]
    public void ProjectionsAreTheNearestPoints()
    {
        Assert.Equal([0.75, 0.25, 0], Nearest(Proximal.Simplex(), [1, 0.5, -3]));
        Assert.Equal([1.5, 0, -0.5], Nearest(Proximal.L1Ball(2), [3, 1, -2]));
        Assert.Equal([0.6, -0.8], Nearest(Proximal.L2Ball(1), [3, -4]));
        Assert.Equal([1, -1, 0.5], Nearest(Proximal.Box(-1, 1), [7, -9, 0.5]));
        Assert.Equal([0.5, 0.25], Nearest(Proximal.L1Ball(2), [0.5, 0.25]));

        static IEnumerable<double> Nearest(IProximal set, double[] point)
        {
            double[] z = new double[point.Length];
            set.Apply(point, 1, z);
            Assert.Equal(0, set.Value(z));
            double[] found = new ProjectedGradient().Minimize(Distance(point) with { Regularizer = set }, new double[point.Length]).Point;
            Assert.All(found.Zip(z), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
            return z.Select(v => Math.Round(v, 12));
        }
    }

    [Fact]
    public void BudgetsAndCancellationEndASearchWithTheBestPoint()
    {
        MinimizationProblem problem = MoreGarbowHillstrom.All[0].Create();
        MinimizationResult few = new Lbfgs().Minimize(problem, [-1.2, 1], new() { MaxEvaluations = 7 });
        Assert.Equal((ExitReason.MaxEvaluations, 7), (few.Reason, few.Evaluations));
        Assert.Equal(few.Value, problem.Value(few.Point));
        Assert.Equal(ExitReason.MaxIterations, new Bfgs().Minimize(problem, [-1.2, 1], new() { MaxIterations = 3, GradientTolerance = 0 }).Reason);
        using CancellationTokenSource source = new();
        MinimizationResult cancelled = new Lbfgs().Minimize(problem, [-1.2, 1], new() { Cancellation = source.Token, Progress = p => { if (p.Iteration == 5) source.Cancel(); } });
        Assert.Equal((ExitReason.Cancelled, 5), (cancelled.Reason, cancelled.Iterations));
        Assert.Equal(ExitReason.NotFinite, new Lbfgs().Minimize(MinimizationProblem.Of(1, x => double.NaN, (x, g) => double.NaN), [1]).Reason);
    }

    /// <summary>Where nothing is better any more, budgets still hold: no search idles for ever.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void BudgetsHoldOnFlatGround(string name)
    {
        MinimizationProblem flat = MinimizationProblem.LeastSquares(2, 2, (x, r) => (r[0], r[1]) = (1, Math.Floor(x[0]) + 2), (x, j) =>
        {
            j.Clear();
            j[0] = 1;
        }) with
        {
            Hessian = (x, h) => h.Clear(),
        };
        MinimizationResult result = Name(name).Minimize(flat, [0.5, 0], new() { MaxEvaluations = 500, MaxIterations = 400, GradientTolerance = 0 });
        Assert.InRange(result.Evaluations, 1, 700);
    }

    [Fact]
    public void RefusalsNameWhatIsMissing()
    {
        MinimizationProblem plain = MinimizationProblem.Of(2, x => x[0]);
        Assert.Contains("needs the gradient", Assert.Throws<ArgumentException>(() => new Lbfgs().Minimize(plain, [0, 0])).Message);
        Assert.Contains("LeastSquares", Assert.Throws<ArgumentException>(() => new LevenbergMarquardt().Minimize(plain, [0, 0])).Message);
        Assert.Contains("1 numbers; expected 2", Assert.Throws<ArgumentException>(() => new NelderMead().Minimize(plain, [0])).Message);
        Assert.Contains("bounds", Assert.Throws<ArgumentException>(() => new Bfgs().Minimize(Distance([1]) with { Upper = new double[] { 1 } }, [0])).Message);
        Assert.Contains("regularizer", Assert.Throws<ArgumentException>(() => new Bfgs().Minimize(Distance([1]) with { Regularizer = Proximal.L1(1) }, [0])).Message);
        Assert.Contains("Upper has 2", Assert.Throws<ArgumentException>(() => new LbfgsB().Minimize(Distance([1]) with { Upper = new double[2] }, [0])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Lbfgs(0));
    }

    private static Minimizer Name(string name) => BenchmarkTable.Minimizers.Single(m => m.Name == name);

    // ½‖x − a‖².
    private static MinimizationProblem Distance(double[] a)
    {
        return MinimizationProblem.Of(a.Length, Value, (x, g) =>
        {
            for (int i = 0; i < a.Length; i++)
                g[i] = x[i] - a[i];
            return Value(x);
        });

        double Value(ReadOnlySpan<double> x)
        {
            double sum = 0;
            for (int i = 0; i < a.Length; i++)
                sum += (x[i] - a[i]) * (x[i] - a[i]) / 2;
            return sum;
        }
    }
}
