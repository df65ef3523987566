using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Plugins.FirstOrder.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>Stochastic gradient descent: u = ±g + λθ; b ← μb + (1 − τ)u; θ ← θ − ηb, or θ − η(u + μb) with Nesterov momentum.</summary>
/// <remarks>
/// Robbins and Monro 1951; momentum: Polyak 1964; Nesterov's in the form of Sutskever et al. 2013. Semantics of PyTorch 2.10: the first
/// step takes b = u without dampening, and η multiplies b instead of entering it. Deviation: where a schedule moves μ, the buffer exists
/// from the first step and is advanced also while μ is 0; PyTorch leaves it alone then.
/// </remarks>
public sealed class Sgd : OptimizerDefinition<SgdOptions>
{
    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <inheritdoc/>
    public override string Source => "Robbins and Monro 1951; Polyak 1964; Sutskever et al. 2013";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.MonotoneOnConvexQuadratics | OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<SgdOptions> Options => SgdOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, SgdOptions> Single(OptimizerConfiguration<SgdOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, SgdOptions> Double(OptimizerConfiguration<SgdOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(SgdOptions options, IReadOnlyList<ParameterInfo> parameters) => new SgdReference(options, parameters);

    private static UpdateMethod<T, SgdOptions> Method<T>(OptimizerConfiguration<SgdOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (configuration.Options.Nesterov)
            return Elementwise<T, SgdOptions>.Method(
                ["momentum_buffer"],
                static (o, _) => Chain<T>.Of(Gradient<T>(o), new NesterovMomentum<T>(o.Momentum), new Descend<T>(o.LearningRate)));
        if (configuration.Uses("momentum"))
            return Elementwise<T, SgdOptions>.Method(
                ["momentum_buffer"],
                static (o, t) => Chain<T>.Of(Gradient<T>(o), new Momentum<T>(o.Momentum, o.Dampening, t), new Descend<T>(o.LearningRate)));
        return Elementwise<T, SgdOptions>.Method(
            [],
            static (o, _) => Chain<T>.Of(Gradient<T>(o), new Descend<T>(o.LearningRate)));
    }

    private static AddDecay<T> Gradient<T>(SgdOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(options.WeightDecay, options.Maximize);
}
