using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>
/// Limited-memory BFGS: d = −H·g by two loops over the latest pairs (s, y); θ ← θ + t·d, with a fixed t or one that fulfils the strong
/// Wolfe conditions.
/// </summary>
/// <remarks>
/// Nocedal and Wright 2006, Numerical Optimization, algorithms 7.4, 7.5, 3.5 and 3.6, c₁ = 1e-4, c₂ = 0.9, cubic interpolation as in M.
/// Schmidt's minFunc. Semantics of PyTorch 2.10: a step makes up to <c>max_iter</c> iterations; the first takes t = min(1, 1/‖g‖₁)·η, later
/// ones begin with η; a pair with yᵀs ≤ 1e-10 is dropped; H₀ = yᵀs/yᵀy of the latest pair; the line search ends at intervals of 1e-9, whatever
/// <c>tolerance_change</c> is.
/// Deviations: <c>history_size</c> is 10 (PyTorch's 100), because memory is taken at creation; parameters without a gradient stand still,
/// and a change of their set starts the history anew, where PyTorch takes zero gradients; decay and groups with other rates do not exist
/// for it.
/// </remarks>
public sealed class Lbfgs : OptimizerDefinition<LbfgsOptions>
{
    /// <inheritdoc/>
    public override string Name => "lbfgs";

    /// <inheritdoc/>
    public override string Source => "Nocedal and Wright 2006, Numerical Optimization, section 7.2";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.None;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.All;

    /// <inheritdoc/>
    public override OptimizerNeeds Needs => OptimizerNeeds.Loss | OptimizerNeeds.Reevaluate;

    /// <inheritdoc/>
    public override OptionTable<LbfgsOptions> Options => LbfgsOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, LbfgsOptions> Single(OptimizerConfiguration<LbfgsOptions> configuration) => new LbfgsMethod<float>(configuration.Options);

    /// <inheritdoc/>
    protected override UpdateMethod<double, LbfgsOptions> Double(OptimizerConfiguration<LbfgsOptions> configuration) => new LbfgsMethod<double>(configuration.Options);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(LbfgsOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new LbfgsReference(o);
}

/// <summary>The options of <see cref="Lbfgs"/>.</summary>
public sealed record LbfgsOptions
{
    /// <summary>η, the step size. Default 1.</summary>
    public double LearningRate { get; set; } = 1;

    /// <summary>The most iterations of a step. Default 20.</summary>
    public long Iterations { get; set; } = 20;

    /// <summary>The most evaluations of a step; 0 for max_iter·5/4. Default 0.</summary>
    public long Evaluations { get; set; }

    /// <summary>A step ends when no element of the gradient is larger. Default 1e-7.</summary>
    public double GradientTolerance { get; set; } = 1e-7;

    /// <summary>A step ends when neither the parameters nor the loss change more. Default 1e-9.</summary>
    public double ChangeTolerance { get; set; } = 1e-9;

    /// <summary>The pairs kept. Default 10.</summary>
    public long History { get; set; } = 10;

    /// <summary>How t is found. Default none.</summary>
    public string LineSearch { get; set; } = "none";

    /// <summary>The option table.</summary>
    public static OptionTable<LbfgsOptions> Table { get; } = new OptionTable<LbfgsOptions>("lbfgs")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Integer("max_iter", o => o.Iterations, (o, v) => o.Iterations = v, new(1, 1e9), "most iterations of a step")
        .Integer("max_eval", o => o.Evaluations, (o, v) => o.Evaluations = v, new(0, 1e9), "most evaluations of a step; 0 for 5/4 of max_iter")
        .Real("tolerance_grad", o => o.GradientTolerance, (o, v) => o.GradientTolerance = v, OptionRange.NonNegative, "largest gradient element at which a step ends")
        .Real("tolerance_change", o => o.ChangeTolerance, (o, v) => o.ChangeTolerance = v, OptionRange.NonNegative, "change of parameters or loss at which a step ends")
        .Integer("history_size", o => o.History, (o, v) => o.History = v, new(1, 1000), "pairs kept")
        .Choice("line_search_fn", o => o.LineSearch, (o, v) => o.LineSearch = v, ["none", "strong_wolfe"], "how the step length is found");
}
