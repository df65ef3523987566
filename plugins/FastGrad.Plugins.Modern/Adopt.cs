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
/// ADOPT: the square that divides is the previous one: m ← β₁m + (1 − β₁)·clip(u/max(√v, ε), (t − 1)^¼); θ ← θ − η(m + λθ); then v ← β₂v +
/// (1 − β₂)u².
/// </summary>
/// <remarks>
/// Taniguchi et al. 2024, arXiv:2411.02853, algorithm 2, with the clipping of the authors' code. The first update only sets v = u². The
/// decay is decoupled.
/// </remarks>
public sealed class Adopt : OptimizerDefinition<AdoptOptions>
{
    /// <inheritdoc/>
    public override string Name => "adopt";

    /// <inheritdoc/>
    public override string Source => "Taniguchi et al. 2024, arXiv:2411.02853";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<AdoptOptions> Options => AdoptOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdoptOptions> Single(OptimizerConfiguration<AdoptOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdoptOptions> Double(OptimizerConfiguration<AdoptOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdoptOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 2, (x, g, s, t) =>
        {
            double u = o.Maximize ? -g : g;
            if (t == 1)
            {
                s[1] = u * u;
                return x;
            }
            double normalized = u / Math.Max(Math.Sqrt(s[1]), o.Epsilon), bound = Pow<double>.At(t - 1, 0.25);
            s[0] = o.Beta1 * s[0] + (1 - o.Beta1) * (o.Clip ? Math.Clamp(normalized, -bound, bound) : normalized);
            s[1] = o.Beta2 * s[1] + (1 - o.Beta2) * u * u;
            return x - o.LearningRate * (s[0] + o.WeightDecay * x);
        });

    private static UpdateMethod<T, AdoptOptions> Method<T>(OptimizerConfiguration<AdoptOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, AdoptOptions>.Method(["exp_avg", "exp_avg_sq"], static (o, t) => Chain<T>.Of(
            new Orient<T>(o.Maximize), new Delayed<T>(o, t), new AddDecay<T>(t == 1 ? 0 : o.WeightDecay), new Descend<T>(o.LearningRate)));

    private readonly struct Delayed<T>(AdoptOptions o, long t) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(t == 1 ? 0 : 1 - o.Beta1), _weight2 = T.CreateTruncating(t == 1 ? 1 : 1 - o.Beta2), _epsilon = T.CreateTruncating(o.Epsilon);
        private readonly T _bound = o.Clip || t == 1 ? T.CreateTruncating(Math.Sqrt(Math.Sqrt(t - 1))) : T.PositiveInfinity;

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V normalized = update / V.Max(V.Create(_epsilon), V.Sqrt(slots[1])), bound = V.Create(_bound);
            normalized = V.Min(bound, V.Max(-bound, normalized)); // NaN comes through
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), normalized - slots[0], slots[0]);
            slots[0] = mean;
            slots[1] = V.FusedMultiplyAdd(V.Create(_weight2), update * update - slots[1], slots[1]);
            return mean;
        }
    }
}

/// <summary>The options of <see cref="Adopt"/>.</summary>
public sealed record AdoptOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.9999.</summary>
    public double Beta2 { get; set; } = 0.9999;

    /// <summary>ε, the least √v. Default 1e-6.</summary>
    public double Epsilon { get; set; } = 1e-6;

    /// <summary>Whether to clip the normalized gradient. Default true.</summary>
    public bool Clip { get; set; } = true;

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AdoptOptions> Table { get; } = new OptionTable<AdoptOptions>("adopt")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.Positive, "least √v")
        .Flag("clip", o => o.Clip, (o, v) => o.Clip = v, "clip the normalized gradient")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
