using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>Lion: θ ← θ − η(sign(β₁m + (1 − β₁)u) + λθ); then m ← β₂m + (1 − β₂)u.</summary>
/// <remarks>
/// Chen et al. 2023, arXiv:2302.06675, program 1. The sign of zero is zero.
/// </remarks>
public sealed class Lion : OptimizerDefinition<LionOptions>
{
    /// <inheritdoc/>
    public override string Name => "lion";

    /// <inheritdoc/>
    public override string Source => "Chen et al. 2023, arXiv:2302.06675";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<LionOptions> Options => LionOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, LionOptions> Single(OptimizerConfiguration<LionOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, LionOptions> Double(OptimizerConfiguration<LionOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(LionOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 1, (x, g, s, _) =>
        {
            double u = o.Maximize ? -g : g, blend = o.Beta1 * s[0] + (1 - o.Beta1) * u;
            s[0] = o.Beta2 * s[0] + (1 - o.Beta2) * u;
            return x - o.LearningRate * (Math.Sign(blend) + o.WeightDecay * x);
        });

    private static UpdateMethod<T, LionOptions> Method<T>(OptimizerConfiguration<LionOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, LionOptions>.Method(["exp_avg"], static (o, _) => Chain<T>.Of(
            new Orient<T>(o.Maximize), new SignOfBlend<T>(o.Beta1, o.Beta2), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)));

    private readonly struct SignOfBlend<T>(double beta1, double beta2) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - beta1), _weight2 = T.CreateTruncating(1 - beta2);

        public static int SlotCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V mean = slots[0], difference = update - mean;
            slots[0] = V.FusedMultiplyAdd(V.Create(_weight2), difference, mean);
            return Signs.Of<V, T>(V.FusedMultiplyAdd(V.Create(_weight1), difference, mean));
        }
    }
}

/// <summary>The options of <see cref="Lion"/>.</summary>
public sealed record LionOptions
{
    /// <summary>η, the step size. Default 1e-4.</summary>
    public double LearningRate { get; set; } = 1e-4;

    /// <summary>β₁, weight of m in the update's sign. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the gradient's average. Default 0.99.</summary>
    public double Beta2 { get; set; } = 0.99;

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<LionOptions> Table { get; } = new OptionTable<LionOptions>("lion")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "weight β₁ of the average in the sign")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the gradient's average")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
