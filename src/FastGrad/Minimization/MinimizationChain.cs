using FastGrad.Autograd;
using FastGrad.Optimization;
using FastGrad.Optimization.Minimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Plugins;

namespace FastGrad.Minimization;

/// <summary>
/// Minimizers one after another, each from the best point of those before:
/// <c>Minimize(loss).With("adamw", steps: 500).Then("lbfgs").Then("trust-ncg").From(start)</c>.
/// </summary>
/// <remarks>
/// <para>A leg is a minimizer's name or an optimizer's; of both, minimizers go first, and dashes do not matter: <c>lbfgs</c> is the minimizer <c>l-bfgs</c>.</para>
/// <para>Immutable: a chain may be used for many starts and prolonged in several ways.</para>
/// </remarks>
public sealed class MinimizationChain
{
    private readonly Func<int, MinimizationProblem> _problem;
    private readonly MinimizerRegistry _minimizers;
    private readonly OptimizerRegistry _optimizers;
    private readonly (Minimizer Minimizer, int? Steps)[] _legs;

    private MinimizationChain(Func<int, MinimizationProblem> problem, MinimizerRegistry minimizers, OptimizerRegistry optimizers, (Minimizer, int?)[] legs) =>
        (_problem, _minimizers, _optimizers, _legs) = (problem, minimizers, optimizers, legs);

    /// <summary>A chain without legs yet for a function of tensors, differentiated automatically; see <see cref="TensorProblem"/>.</summary>
    /// <param name="loss">x [n] ↦ a tensor of one element.</param>
    public static MinimizationChain Minimize(Func<Tensor<double>, Tensor<double>> loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return new(n => TensorProblem.Of(n, loss), MinimizerRegistry.Standard, OptimizerRegistry.Standard, []);
    }

    /// <summary>A chain without legs yet for any problem.</summary>
    /// <param name="problem">The problem.</param>
    public static MinimizationChain Minimize(MinimizationProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return new(_ => problem, MinimizerRegistry.Standard, OptimizerRegistry.Standard, []);
    }

    /// <summary>The same chain with further legs looked up among other plugins than the standard ones.</summary>
    public MinimizationChain Using(PluginRegistry plugins)
    {
        ArgumentNullException.ThrowIfNull(plugins);
        return new(_problem, plugins.Minimizers, plugins.Optimizers, _legs);
    }

    /// <summary>The first leg; see <see cref="Then(string, int?, OptionValues?)"/>.</summary>
    /// <inheritdoc cref="Then(string, int?, OptionValues?)"/>
    public MinimizationChain With(string name, int? steps = null, OptionValues? options = null) => Then(name, steps, options);

    /// <summary>The first leg.</summary>
    /// <inheritdoc cref="Then(Minimizer, int?)"/>
    public MinimizationChain With(Minimizer minimizer, int? steps = null) => Then(minimizer, steps);

    /// <summary>One more leg by name.</summary>
    /// <param name="name">A minimizer's or an optimizer's name.</param>
    /// <param name="steps">The most iterations of this leg, updates for an optimizer; null for what is left of the whole budget.</param>
    /// <param name="options">An optimizer's options; minimizers by name have none.</param>
    /// <exception cref="ArgumentException">The name is unknown (the text names the nearest), or an option is.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is below 1.</exception>
    public MinimizationChain Then(string name, int? steps = null, OptionValues? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_minimizers.FirstOrDefault(m => Plain(m.Name) == Plain(name)) is { } minimizer)
        {
            return options is null or { Count: 0 }
                ? Then(minimizer, steps)
                : throw new ArgumentException($"The minimizer '{minimizer.Name}' takes no options by name; expected an object made with them, as Then(new Lbfgs(memory: 20)).", nameof(options));
        }
        return _optimizers.TryFind(name, out OptimizerDefinition? optimizer)
            ? Then(new OptimizerSearch(optimizer, options), steps)
            : throw new ArgumentException($"There is no minimizer or optimizer '{name}'. {Nearest.Suggest(name, _minimizers.Names.Concat(_optimizers.Names))}", nameof(name));

        static string Plain(string text) => text.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
    }

    /// <summary>One more leg.</summary>
    /// <param name="minimizer">The minimizer.</param>
    /// <param name="steps">The most iterations of this leg; null for what is left of the whole budget.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of steps is below 1.</exception>
    public MinimizationChain Then(Minimizer minimizer, int? steps = null)
    {
        ArgumentNullException.ThrowIfNull(minimizer);
        if (steps < 1)
            throw new ArgumentOutOfRangeException(nameof(steps), steps, $"The leg '{minimizer.Name}' has {steps} steps; expected 1 or more.");
        return new(_problem, _minimizers, _optimizers, [.. _legs, (minimizer, steps)]);
    }

    /// <summary>Runs the legs from a point.</summary>
    /// <remarks>
    /// Budgets are for all legs together, and progress counts through them. A leg that the caller cancels, that reaches the target, falls without bound
    /// or spends the evaluations is the last.
    /// </remarks>
    /// <param name="start">The first point; it is not changed.</param>
    /// <param name="options">When to stop; null for the default.</param>
    /// <returns>The best point of all legs, iterations and evaluations in all, the reason of the last, and each leg's own result.</returns>
    /// <exception cref="InvalidOperationException">The chain has no legs.</exception>
    /// <exception cref="ArgumentException">The start has not the problem's dimension, or a leg refuses the problem.</exception>
    public MinimizationResult From(ReadOnlySpan<double> start, MinimizationOptions? options = null)
    {
        if (_legs.Length == 0)
            throw new InvalidOperationException("The chain has no legs; expected With(\"l-bfgs\") or another before From.");
        MinimizationOptions whole = options ?? MinimizationOptions.Default;
        MinimizationProblem problem = _problem(start.Length);
        double[] x = start.ToArray();
        List<MinimizationResult> results = [];
        int iterations = 0, evaluations = 0;
        foreach ((Minimizer minimizer, int? steps) in _legs)
        {
            (int before, int spent) = (iterations, evaluations);
            MinimizationResult result = minimizer.Minimize(problem, x, whole with
            {
                MaxIterations = Math.Min(steps ?? int.MaxValue, whole.MaxIterations - iterations),
                MaxEvaluations = whole.MaxEvaluations - evaluations,
                Progress = whole.Progress is { } progress ? p => progress(p with { Iteration = p.Iteration + before, Evaluations = p.Evaluations + spent }) : null,
            });
            results.Add(result);
            (iterations, evaluations) = (iterations + result.Iterations, evaluations + result.Evaluations);
            if (double.IsFinite(result.Value))
                x = results.MinBy(r => double.IsNaN(r.Value) ? double.PositiveInfinity : r.Value)!.Point;
            if (result.Reason is ExitReason.Cancelled or ExitReason.TargetReached or ExitReason.Unbounded or ExitReason.MaxEvaluations || iterations >= whole.MaxIterations)
                break;
        }
        MinimizationResult best = results.MinBy(r => double.IsNaN(r.Value) ? double.PositiveInfinity : r.Value)!;
        return best with { Iterations = iterations, Evaluations = evaluations, Reason = results[^1].Reason, Minimizer = results[^1].Minimizer, Legs = results };
    }
}
