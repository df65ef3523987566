using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Plugins.FirstOrder.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>AdamW: Adam's direction, with a decay that does not enter the moments: θ ← θ − η(m̂/(√v̂ + ε) + λθ).</summary>
/// <remarks>
/// Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2. As PyTorch 2.10, and unlike the paper, λ is multiplied by η. AMSGrad: see
/// <see cref="ScaleByAmsgrad{T}"/>. PyTorch rounds θ(1 − ηλ) before it descends; here both are one sum, rounded once.
/// </remarks>
public sealed class AdamW : OptimizerDefinition<AdamWOptions>
{
    /// <inheritdoc/>
    public override string Name => "adamw";

    /// <inheritdoc/>
    public override string Source => "Loshchilov and Hutter 2019, arXiv:1711.05101";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<AdamWOptions> Options => AdamWOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdamWOptions> Single(OptimizerConfiguration<AdamWOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdamWOptions> Double(OptimizerConfiguration<AdamWOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdamWOptions options, IReadOnlyList<ParameterInfo> parameters) => new AdamWReference(options, parameters);

    private static UpdateMethod<T, AdamWOptions> Method<T>(OptimizerConfiguration<AdamWOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => configuration.Options.AmsGrad
        ? Elementwise<T, AdamWOptions>.Method(
            ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"],
            static (o, t) => Chain<T>.Of(
                new Orient<T>(o.Maximize),
                new ScaleByAmsgrad<T>(o.Beta1, o.Beta2, o.Epsilon, t),
                new AddDecay<T>(o.WeightDecay),
                new Descend<T>(o.LearningRate)))
        : Elementwise<T, AdamWOptions>.Method(
            ["exp_avg", "exp_avg_sq"],
            static (o, t) => Chain<T>.Of(
                new Orient<T>(o.Maximize),
                new ScaleByAdam<T>(o.Beta1, o.Beta2, o.Epsilon, t),
                new AddDecay<T>(o.WeightDecay),
                new Descend<T>(o.LearningRate)));
}
