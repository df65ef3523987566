using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>NAdam: Adam's v̂, and in place of m̂ the gradient that lies ahead: η(1 − μₜ)/(1 − Πμ)·u + η·μₜ₊₁/(1 − Πμ·μₜ₊₁)·m, over √v̂ + ε.</summary>
/// <remarks>
/// Dozat 2016, ICLR workshop, algorithm 2, with μₜ = β₁(1 − ½·0.96^(tψ)) and Πμ = μ₁⋯μₜ. Semantics of PyTorch 2.10: Πμ is state
/// (<c>mu_product</c>), the decay is coupled (u = ±g + λθ) or, by <c>decoupled_weight_decay</c>, θ ← (1 − ηλ)θ.
/// Deviation: decoupled decay and descent are one sum, rounded once.
/// </remarks>
public sealed class NAdam : OptimizerDefinition<NAdamOptions>
{
    /// <inheritdoc/>
    public override string Name => "nadam";

    /// <inheritdoc/>
    public override string Source => "Dozat 2016, ICLR workshop";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<NAdamOptions> Options => NAdamOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, NAdamOptions> Single(OptimizerConfiguration<NAdamOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, NAdamOptions> Double(OptimizerConfiguration<NAdamOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(NAdamOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 3, (x, g, s, t) =>
        {
            double u = (o.Maximize ? -g : g) + (o.Decoupled ? 0 : o.WeightDecay * x);
            double now = Momentum(o, t), next = Momentum(o, t + 1);
            s[0] = o.Beta1 * s[0] + (1 - o.Beta1) * u;
            s[1] = o.Beta2 * s[1] + (1 - o.Beta2) * u * u;
            s[2] = (t == 1 ? 1 : s[2]) * now;
            double root = Math.Sqrt(s[1] / (1 - Pow<double>.At(o.Beta2, t))) + o.Epsilon;
            x *= o.Decoupled ? 1 - o.LearningRate * o.WeightDecay : 1;
            return x - o.LearningRate * ((1 - now) / (1 - s[2]) * u + next / (1 - s[2] * next) * s[0]) / root;
        });

    private static double Momentum(NAdamOptions o, long t) => o.Beta1 * (1 - 0.5 * Pow<double>.At(0.96, t * o.MomentumDecay));

    private sealed class Method<T>() : UpdateMethod<T, NAdamOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Product = 2;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("exp_avg");
            slots.Like("exp_avg_sq");
            slots.AddFloat64("mu_product");
        }

        public override void Step(in StepContext<T, NAdamOptions> step)
        {
            foreach (ParameterState<T, NAdamOptions> parameter in step.Parameters)
            {
                NAdamOptions o = parameter.Options;
                long t = parameter.StepCount;
                double now = Momentum(o, t), next = Momentum(o, t + 1);
                ref double product = ref parameter.Slots.Float64(Product)[0];
                product = t == 1 ? now : product * now;
                step.Apply(
                    Chain<T>.Of(
                        new AddDecay<T>(o.Decoupled ? 0 : o.WeightDecay, o.Maximize),
                        new Ahead<T>(o, t, (1 - now) / (1 - product), next / (1 - product * next)),
                        new AddDecay<T>(o.Decoupled ? o.WeightDecay : 0),
                        new Descend<T>(o.LearningRate)),
                    parameter);
            }
        }
    }

    private readonly struct Ahead<T>(NAdamOptions o, long t, double fresh, double mean) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - o.Beta1), _beta2 = T.CreateTruncating(o.Beta2), _weight2 = T.CreateTruncating(1 - o.Beta2);
        private readonly T _correct2 = T.CreateTruncating(1 / Math.Sqrt(BiasCorrection.Of(o.Beta2, t))), _epsilon = T.CreateTruncating(o.Epsilon);
        private readonly T _fresh = T.CreateTruncating(fresh), _mean = T.CreateTruncating(mean);

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]);
            V square = V.FusedMultiplyAdd(V.Create(_beta2), slots[1], V.Create(_weight2) * update * update);
            slots[0] = mean;
            slots[1] = square;
            V direction = V.FusedMultiplyAdd(V.Create(_fresh), update, V.Create(_mean) * mean);
            return direction / V.FusedMultiplyAdd(V.Create(_correct2), V.Sqrt(square), V.Create(_epsilon));
        }
    }
}

/// <summary>The options of <see cref="NAdam"/>.</summary>
public sealed record NAdamOptions
{
    /// <summary>η, the step size. Default 2e-3.</summary>
    public double LearningRate { get; set; } = 2e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>λ, added to the gradient as λθ, or decoupled and then times η. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>ψ, how fast μ rises. Default 4e-3.</summary>
    public double MomentumDecay { get; set; } = 4e-3;

    /// <summary>Whether the decay stays out of the moments. Default false.</summary>
    public bool Decoupled { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<NAdamOptions> Table { get; } = new OptionTable<NAdamOptions>("nadam")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decay λ, coupled or decoupled", OptionMeaning.Decay)
        .Real("momentum_decay", o => o.MomentumDecay, (o, v) => o.MomentumDecay = v, OptionRange.NonNegative, "rise ψ of the momentum")
        .Flag("decoupled_weight_decay", o => o.Decoupled, (o, v) => o.Decoupled = v, "decay outside the moments")
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
