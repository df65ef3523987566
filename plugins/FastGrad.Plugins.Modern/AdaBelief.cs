using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.Modern;

/// <summary>
/// AdaBelief: Adam with the squared surprise in the place of the squared gradient: s ← β₂s + (1 − β₂)(u − m)² + ε; θ ← θ − η(m̂/(√ŝ + ε) +
/// λθ).
/// </summary>
/// <remarks>
/// Zhuang et al. 2020, arXiv:2010.07468, algorithm 2; m is the average that holds u already. The decay is decoupled, as in the authors'
/// code.
/// </remarks>
public sealed class AdaBelief : OptimizerDefinition<AdaBeliefOptions>
{
    /// <inheritdoc/>
    public override string Name => "adabelief";

    /// <inheritdoc/>
    public override string Source => "Zhuang et al. 2020, arXiv:2010.07468";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<AdaBeliefOptions> Options => AdaBeliefOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdaBeliefOptions> Single(OptimizerConfiguration<AdaBeliefOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdaBeliefOptions> Double(OptimizerConfiguration<AdaBeliefOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdaBeliefOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 2, (x, g, s, t) =>
        {
            double u = o.Maximize ? -g : g;
            s[0] = o.Beta1 * s[0] + (1 - o.Beta1) * u;
            s[1] = o.Beta2 * s[1] + (1 - o.Beta2) * (u - s[0]) * (u - s[0]) + o.Epsilon;
            double root = Math.Sqrt(s[1] / (1 - Pow<double>.At(o.Beta2, t))) + o.Epsilon;
            return x - o.LearningRate * (s[0] / (1 - Pow<double>.At(o.Beta1, t)) / root + o.WeightDecay * x);
        });

    private static UpdateMethod<T, AdaBeliefOptions> Method<T>(OptimizerConfiguration<AdaBeliefOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, AdaBeliefOptions>.Method(["exp_avg", "exp_avg_var"], static (o, t) => Chain<T>.Of(
            new Orient<T>(o.Maximize), new Belief<T>(o, t), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)));

    private readonly struct Belief<T>(AdaBeliefOptions o, long t) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - o.Beta1), _beta2 = T.CreateTruncating(o.Beta2), _weight2 = T.CreateTruncating(1 - o.Beta2), _epsilon = T.CreateTruncating(o.Epsilon);
        private readonly T _correct1 = T.CreateTruncating(1 / BiasCorrection.Of(o.Beta1, t)), _correct2 = T.CreateTruncating(1 / Math.Sqrt(BiasCorrection.Of(o.Beta2, t)));

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]), surprise = update - mean;
            V square = V.FusedMultiplyAdd(V.Create(_beta2), slots[1], V.FusedMultiplyAdd(V.Create(_weight2) * surprise, surprise, V.Create(_epsilon)));
            slots[0] = mean;
            slots[1] = square;
            return V.Create(_correct1) * mean / V.FusedMultiplyAdd(V.Create(_correct2), V.Sqrt(square), V.Create(_epsilon));
        }
    }
}

/// <summary>The options of <see cref="AdaBelief"/>.</summary>
public sealed record AdaBeliefOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared surprise's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, added to s and outside the root. Default 1e-16.</summary>
    public double Epsilon { get; set; } = 1e-16;

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AdaBeliefOptions> Table { get; } = new OptionTable<AdaBeliefOptions>("adabelief")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared surprise's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, added to s and outside the root")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
