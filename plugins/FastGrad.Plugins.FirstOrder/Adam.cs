using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Plugins.FirstOrder.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>Adam: u = ±g + λθ; m ← β₁m + (1 − β₁)u; v ← β₂v + (1 − β₂)u²; θ ← θ − η·m̂/(√v̂ + ε), m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).</summary>
/// <remarks>
/// Kingma and Ba 2015, arXiv:1412.6980, algorithm 1; AMSGrad: see <see cref="ScaleByAmsgrad{T}"/>. Semantics of PyTorch 2.10: the decay
/// enters the moments, or by <c>decoupled_weight_decay</c> it is AdamW's, θ ← θ − ηλθ, in one sum with the descent. Where a schedule moves a β, the correction uses the current β's power.
/// </remarks>
public sealed class Adam : OptimizerDefinition<AdamOptions>
{
    /// <inheritdoc/>
    public override string Name => "adam";

    /// <inheritdoc/>
    public override string Source => "Kingma and Ba 2015, arXiv:1412.6980; AMSGrad: Reddi et al. 2018, arXiv:1904.09237";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<AdamOptions> Options => AdamOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdamOptions> Single(OptimizerConfiguration<AdamOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdamOptions> Double(OptimizerConfiguration<AdamOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdamOptions options, IReadOnlyList<ParameterInfo> parameters) => new AdamReference(options, parameters);

    private static UpdateMethod<T, AdamOptions> Method<T>(OptimizerConfiguration<AdamOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (configuration.Options.AmsGrad, configuration.Options.DecoupledDecay) switch
        {
            (false, false) => Elementwise<T, AdamOptions>.Method(
                ["exp_avg", "exp_avg_sq"],
                static (o, t) => Chain<T>.Of(
                    new AddDecay<T>(o.WeightDecay, o.Maximize),
                    new ScaleByAdam<T>(o.Beta1, o.Beta2, o.Epsilon, t),
                    new Descend<T>(o.LearningRate))),
            (true, false) => Elementwise<T, AdamOptions>.Method(
                ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"],
                static (o, t) => Chain<T>.Of(
                    new AddDecay<T>(o.WeightDecay, o.Maximize),
                    new ScaleByAmsgrad<T>(o.Beta1, o.Beta2, o.Epsilon, t),
                    new Descend<T>(o.LearningRate))),
            (false, true) => Elementwise<T, AdamOptions>.Method(
                ["exp_avg", "exp_avg_sq"],
                static (o, t) => Chain<T>.Of(
                    new Orient<T>(o.Maximize),
                    new ScaleByAdam<T>(o.Beta1, o.Beta2, o.Epsilon, t),
                    new AddDecay<T>(o.WeightDecay),
                    new Descend<T>(o.LearningRate))),
            (true, true) => Elementwise<T, AdamOptions>.Method(
                ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"],
                static (o, t) => Chain<T>.Of(
                    new Orient<T>(o.Maximize),
                    new ScaleByAmsgrad<T>(o.Beta1, o.Beta2, o.Epsilon, t),
                    new AddDecay<T>(o.WeightDecay),
                    new Descend<T>(o.LearningRate))),
        };
}
