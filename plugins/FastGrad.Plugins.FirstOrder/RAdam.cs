using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>RAdam: Adam whose adaptive step waits until v can be trusted: for ρₜ > 5 θ ← θ − η·r·√(1 − β₂ᵗ)·m̂/(√v + ε), before θ ← θ − η·m̂.</summary>
/// <remarks>
/// Liu et al. 2020, arXiv:1908.03265, algorithm 2: ρ∞ = 2/(1 − β₂) − 1, ρₜ = ρ∞ − 2tβ₂ᵗ/(1 − β₂ᵗ), r² = (ρₜ − 4)(ρₜ − 2)ρ∞/((ρ∞ − 4)(ρ∞ −
/// 2)ρₜ). Semantics of PyTorch 2.10: the threshold is 5 (the paper's 4), ε outside the root and before the correction of v, decay coupled
/// or, by <c>decoupled_weight_decay</c>, θ ← (1 − ηλ)θ.
/// Deviation: decoupled decay and descent are one sum, rounded once.
/// </remarks>
public sealed class RAdam : OptimizerDefinition<RAdamOptions>
{
    /// <inheritdoc/>
    public override string Name => "radam";

    /// <inheritdoc/>
    public override string Source => "Liu et al. 2020, arXiv:1908.03265";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<RAdamOptions> Options => RAdamOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, RAdamOptions> Single(OptimizerConfiguration<RAdamOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, RAdamOptions> Double(OptimizerConfiguration<RAdamOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(RAdamOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 2, (x, g, s, t) =>
        {
            double u = (o.Maximize ? -g : g) + (o.Decoupled ? 0 : o.WeightDecay * x);
            s[0] = o.Beta1 * s[0] + (1 - o.Beta1) * u;
            s[1] = o.Beta2 * s[1] + (1 - o.Beta2) * u * u;
            double power = Pow<double>.At(o.Beta2, t), limit = 2 / (1 - o.Beta2) - 1, length = limit - 2 * t * power / (1 - power);
            double step = s[0] / (1 - Pow<double>.At(o.Beta1, t));
            if (length > 5)
            {
                double rectification = Math.Sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
                step *= rectification * Math.Sqrt(1 - power) / (Math.Sqrt(s[1]) + o.Epsilon);
            }
            return (o.Decoupled ? x * (1 - o.LearningRate * o.WeightDecay) : x) - o.LearningRate * step;
        });

    private static UpdateMethod<T, RAdamOptions> Method<T>(OptimizerConfiguration<RAdamOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, RAdamOptions>.Method(["exp_avg", "exp_avg_sq"], static (o, t) => Chain<T>.Of(
            new AddDecay<T>(o.Decoupled ? 0 : o.WeightDecay, o.Maximize),
            new Rectified<T>(o, t),
            new AddDecay<T>(o.Decoupled ? o.WeightDecay : 0),
            new Descend<T>(o.LearningRate)));

    private readonly struct Rectified<T> : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1, _beta2, _weight2, _epsilon, _factor;
        private readonly bool _adaptive;

        public Rectified(RAdamOptions o, long t)
        {
            (_weight1, _beta2, _weight2) = (T.CreateTruncating(1 - o.Beta1), T.CreateTruncating(o.Beta2), T.CreateTruncating(1 - o.Beta2));
            double correction = BiasCorrection.Of(o.Beta2, t), limit = 2 / (1 - o.Beta2) - 1, length = limit - 2 * t * (1 - correction) / correction;
            double factor = 1 / BiasCorrection.Of(o.Beta1, t);
            _adaptive = length > 5;
            if (_adaptive)
                factor *= Math.Sqrt(correction * (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
            (_epsilon, _factor) = (T.CreateTruncating(o.Epsilon), T.CreateTruncating(factor));
        }

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]);
            V square = V.FusedMultiplyAdd(V.Create(_beta2), slots[1], V.Create(_weight2) * update * update);
            slots[0] = mean;
            slots[1] = square;
            V direction = V.Create(_factor) * mean;
            return _adaptive ? direction / (V.Sqrt(square) + V.Create(_epsilon)) : direction;
        }
    }
}

/// <summary>The options of <see cref="RAdam"/>.</summary>
public sealed record RAdamOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, outside the root, before the correction. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>λ, added to the gradient as λθ, or decoupled and then times η. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether the decay stays out of the moments. Default false.</summary>
    public bool Decoupled { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<RAdamOptions> Table { get; } = new OptionTable<RAdamOptions>("radam")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root, before the correction")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decay λ, coupled or decoupled", OptionMeaning.Decay)
        .Flag("decoupled_weight_decay", o => o.Decoupled, (o, v) => o.Decoupled = v, "decay outside the moments")
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
