using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Plugins.FirstOrder.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>RMSprop: u = ±g + λθ; v ← αv + (1 − α)u²; b ← μb + u/(√v + ε); θ ← θ − ηb.</summary>
/// <remarks>
/// Tieleman and Hinton 2012, lecture 6.5; centered (√(v − a²) with the gradient's average a): Graves 2013, arXiv:1308.0850. Semantics of
/// PyTorch 2.10: ε outside the root, averages begin at zero without correction. Deviation: a variance v − a² that rounds below zero counts as zero, where PyTorch
/// gets NaN.
/// </remarks>
public sealed class RmsProp : OptimizerDefinition<RmsPropOptions>
{
    /// <inheritdoc/>
    public override string Name => "rmsprop";

    /// <inheritdoc/>
    public override string Source => "Tieleman and Hinton 2012, Coursera lecture 6.5; centered: Graves 2013, arXiv:1308.0850";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<RmsPropOptions> Options => RmsPropOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, RmsPropOptions> Single(OptimizerConfiguration<RmsPropOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, RmsPropOptions> Double(OptimizerConfiguration<RmsPropOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(RmsPropOptions options, IReadOnlyList<ParameterInfo> parameters) => new RmsPropReference(options, parameters);

    private static UpdateMethod<T, RmsPropOptions> Method<T>(OptimizerConfiguration<RmsPropOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (configuration.Options.Centered, configuration.Uses("momentum")) switch
        {
            (false, false) => Elementwise<T, RmsPropOptions>.Method(
                ["square_avg"],
                static (o, _) => Chain<T>.Of(Gradient<T>(o), new ScaleByRms<T>(o.Alpha, o.Epsilon), new Descend<T>(o.LearningRate))),
            (true, false) => Elementwise<T, RmsPropOptions>.Method(
                ["square_avg", "grad_avg"],
                static (o, _) => Chain<T>.Of(Gradient<T>(o), new ScaleByDeviation<T>(o.Alpha, o.Epsilon), new Descend<T>(o.LearningRate))),
            (false, true) => Elementwise<T, RmsPropOptions>.Method(
                ["square_avg", "momentum_buffer"],
                static (o, t) => Chain<T>.Of(
                    Gradient<T>(o), new ScaleByRms<T>(o.Alpha, o.Epsilon), new Momentum<T>(o.Momentum, 0, t), new Descend<T>(o.LearningRate))),
            (true, true) => Elementwise<T, RmsPropOptions>.Method(
                ["square_avg", "grad_avg", "momentum_buffer"],
                static (o, t) => Chain<T>.Of(
                    Gradient<T>(o), new ScaleByDeviation<T>(o.Alpha, o.Epsilon), new Momentum<T>(o.Momentum, 0, t), new Descend<T>(o.LearningRate))),
        };

    private static AddDecay<T> Gradient<T>(RmsPropOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(options.WeightDecay, options.Maximize);
}
