using FastGrad.Optimization.Minimization;
using Xunit;

namespace FastGrad.Plugins.Minimizers.Tests;

/// <summary>What every minimizer owes its caller when things go wrong: refusals that name what is wrong, budgets that hold, the best point that was seen.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string> Names => MinimizerTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Starts_and_bounds_that_are_no_numbers_are_refused(string name)
    {
        Minimizer minimizer = Name(name);
        MinimizationProblem problem = new Recorder().Problem;
        Assert.Contains("NaN at 1", Assert.Throws<ArgumentException>(() => minimizer.Minimize(problem, [0, double.NaN])).Message);
        Assert.Contains("at 0", Assert.Throws<ArgumentException>(() => minimizer.Minimize(problem, [double.PositiveInfinity, 0])).Message);
        Assert.Contains("0 numbers; expected 2", Assert.Throws<ArgumentException>(() => minimizer.Minimize(problem, [])).Message);
        Assert.Throws<ArgumentNullException>(() => minimizer.Minimize(null!, [0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => minimizer.Minimize(problem, [0, 0], new() { MaxEvaluations = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => minimizer.Minimize(problem, [0, 0], new() { MaxIterations = -1 }));
        Assert.Contains("GradientTolerance is NaN", Assert.Throws<ArgumentOutOfRangeException>(() => minimizer.Minimize(problem, [0, 0], new() { GradientTolerance = double.NaN })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => minimizer.Minimize(problem, [0, 0], new() { UnboundedValue = 1 }));
        if (!minimizer.HonoursBounds)
            return;
        foreach ((double low, double high) in (ReadOnlySpan<(double, double)>)[(1, 0), (double.NaN, 1), (0, double.NaN), (double.PositiveInfinity, double.PositiveInfinity), (double.NegativeInfinity, double.NegativeInfinity)])
        {
            MinimizationProblem wrong = problem with { Lower = new[] { -1, low }, Upper = new[] { 1, high } };
            Assert.Contains("variable 1", Assert.Throws<ArgumentException>(() => minimizer.Minimize(wrong, [0, 0])).Message);
        }
        // Bounds at infinity are none; equal ones hold a variable where it is.
        MinimizationProblem held = problem with { Lower = new[] { double.NegativeInfinity, 0.25 }, Upper = new[] { double.PositiveInfinity, 0.25 } };
        MinimizationResult result = minimizer.Minimize(held, [1.2, 7], new() { MaxEvaluations = 5000 });
        Assert.Equal(0.25, result.Point[1]);
        Assert.Equal(0.24755, result.Value, 1e-4); // (1 − x)² + 100(¼ − x²)² is least at x = 0.50487…
    }

    /// <summary>Any budget is kept, and the result is the best of all points at which the function was evaluated.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Budgets_are_kept_and_the_best_point_is_returned(string name)
    {
        foreach (int budget in (int[])[0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 17, 25, 40, 64, 100, 150, 2000])
        {
            Recorder recorder = new();
            MinimizationResult result = Name(name).Minimize(recorder.Problem, [-1.2, 1], new() { MaxEvaluations = budget, GradientTolerance = 0 });
            Assert.InRange(result.Evaluations, 0, budget);
            if ((Name(name).Needs & MinimizerNeeds.Residuals) == 0) // those look at residuals between evaluations too
                Assert.Equal(recorder.Calls, result.Evaluations);
            if (budget <= 2)
                Assert.Equal((ExitReason.MaxEvaluations, budget), (result.Reason, result.Evaluations));
            if (budget == 0)
                Assert.Equal((-1.2, 1.0, double.NaN), (result.Point[0], result.Point[1], result.Value));
            else
                Assert.Equal((recorder.Least, recorder.Least), (result.Value, Recorder.Rosenbrock(result.Point)));
        }
        MinimizationResult none = Name(name).Minimize(new Recorder().Problem, [-1.2, 1], new() { MaxIterations = 0 });
        Assert.Equal((ExitReason.MaxIterations, 0), (none.Reason, none.Iterations));
        Assert.InRange(none.Value, 0, 24.3);
    }

    /// <summary>From some evaluation on the function is NaN: the best point before is the result, and nothing throws or hangs.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_function_that_ceases_to_be_a_number_ends_the_search(string name)
    {
        foreach (double ill in (double[])[double.NaN, double.PositiveInfinity])
        {
            foreach (int good in (int[])[0, 1, 2, 5, 12])
            {
                Recorder recorder = new() { Good = good, Ill = ill };
                MinimizationResult result = Name(name).Minimize(recorder.Problem, [-1.2, 1], new() { MaxEvaluations = 3000 });
                Assert.InRange(result.Evaluations, 1, 3000);
                if (good == 0)
                    Assert.Equal(ExitReason.NotFinite, result.Reason);
                else
                    Assert.Equal(recorder.Least, result.Value);
            }
        }
        // Derivatives that are no numbers at a good value.
        MinimizationProblem blind = MinimizationProblem.LeastSquares(2, 2, (x, r) => (r[0], r[1]) = (10 * (x[1] - x[0] * x[0]), 1 - x[0]), (_, j) => j.Fill(double.NaN)) with { Hessian = (_, h) => h.Fill(double.NaN) };
        MinimizationResult found = Name(name).Minimize(blind, [-1.2, 1], new() { MaxEvaluations = 3000 });
        Assert.True(name == "nelder-mead" || found.Reason == ExitReason.NotFinite, found.Reason.ToString());
        MinimizationProblem bent = new Recorder().Problem with { Hessian = (_, h) => h.Fill(double.NaN) };
        Assert.InRange(Name(name).Minimize(bent, [-1.2, 1], new() { MaxEvaluations = 3000 }).Value, 0, 24.3);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cancellation_ends_a_search_at_once(string name)
    {
        using CancellationTokenSource source = new();
        // From within an evaluation: the first, or a later one.
        foreach (int at in (int[])[1, 4])
        {
            using CancellationTokenSource later = new();
            Recorder recorder = new() { Seen = calls => { if (calls == at) later.Cancel(); } };
            MinimizationResult result = Name(name).Minimize(recorder.Problem, [-1.2, 1], new() { Cancellation = later.Token });
            Assert.Equal(ExitReason.Cancelled, result.Reason);
            Assert.InRange(result.Evaluations, 1, at);
            Assert.Equal(recorder.Least, result.Value);
        }
        // A function that throws when its token is cancelled, as asynchronous work does.
        using CancellationTokenSource inside = new();
        Recorder thrower = new() { Seen = calls => { if (calls == 3) { inside.Cancel(); inside.Token.ThrowIfCancellationRequested(); } } };
        MinimizationResult cut = Name(name).Minimize(thrower.Problem, [-1.2, 1], new() { Cancellation = inside.Token });
        Assert.Equal(ExitReason.Cancelled, cut.Reason);
        Assert.InRange(cut.Value, 0, 24.3);
        // Before the first.
        source.Cancel();
        Recorder never = new();
        MinimizationResult before = Name(name).Minimize(never.Problem, [-1.2, 1], new() { Cancellation = source.Token });
        Assert.Equal((ExitReason.Cancelled, 0, 0), (before.Reason, before.Evaluations, never.Calls));
        Assert.Equal([-1.2, 1], before.Point);
        Assert.False(before.Converged);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exceptions_of_functions_and_callbacks_pass_through(string name)
    {
        foreach (int at in (int[])[1, 3])
        {
            Recorder recorder = new() { Seen = calls => { if (calls == at) throw new TimeZoneNotFoundException("mine"); } };
            Assert.Equal("mine", Assert.Throws<TimeZoneNotFoundException>(() => Name(name).Minimize(recorder.Problem, [-1.2, 1])).Message);
        }
        Assert.Throws<TimeZoneNotFoundException>(() => Name(name).Minimize(new Recorder().Problem, [-1.2, 1], new() { Progress = _ => throw new TimeZoneNotFoundException() }));
        // A cancellation of somebody else's is none of the caller's.
        Recorder stranger = new() { Seen = calls => { if (calls == 2) throw new OperationCanceledException(); } };
        Assert.Throws<OperationCanceledException>(() => Name(name).Minimize(stranger.Problem, [-1.2, 1]));
    }

    private static Minimizer Name(string name) => BenchmarkTable.Minimizers.Single(m => m.Name == name);

    /// <summary>Rosenbrock's function, which counts its evaluations and remembers the least value.</summary>
    private sealed class Recorder
    {
        public Recorder()
        {
            Problem = MinimizationProblem.LeastSquares(2, 2, (x, r) =>
            {
                (r[0], r[1]) = (10 * (x[1] - x[0] * x[0]), 1 - x[0]);
                Calls++;
                if (Calls > Good)
                    r.Fill(Ill);
                double value = r[0] * r[0] + r[1] * r[1];
                Least = value < Least ? value : Least;
                Seen?.Invoke(Calls);
            }, (x, j) => (j[0], j[1], j[2], j[3]) = (-20 * x[0], 10, -1, 0)) with
            {
                Hessian = (x, h) => (h[0], h[1], h[2], h[3]) = (1200 * x[0] * x[0] - 400 * x[1] + 2, -400 * x[0], -400 * x[0], 200),
            };
        }

        public MinimizationProblem Problem { get; }

        public int Calls { get; private set; }

        public double Least { get; private set; } = double.PositiveInfinity;

        public int Good { get; init; } = int.MaxValue;

        public double Ill { get; init; }

        public Action<int>? Seen { get; init; }

        public static double Rosenbrock(double[] x)
        {
            double a = 10 * (x[1] - x[0] * x[0]), b = 1 - x[0];
            return a * a + b * b;
        }
    }
}
