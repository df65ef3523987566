using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.Modern;

/// <summary>Yogi: m ← β₁m + (1 − β₁)u; v ← v − (1 − β₂)·sign(v − u²)·u²; θ ← θ − η(m/(√v + ε) + λθ).</summary>
/// <remarks>
/// Zaheer et al. 2018, NeurIPS, algorithm 2: v changes by at most (1 − β₂)u². No correction of bias; m and v begin at a configured number.
/// The decay is decoupled; the paper has none.
/// </remarks>
public sealed class Yogi : OptimizerDefinition<YogiOptions>
{
    /// <inheritdoc/>
    public override string Name => "yogi";

    /// <inheritdoc/>
    public override string Source => "Zaheer et al. 2018, NeurIPS";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<YogiOptions> Options => YogiOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, YogiOptions> Single(OptimizerConfiguration<YogiOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, YogiOptions> Double(OptimizerConfiguration<YogiOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(YogiOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 2, (x, g, s, t) =>
        {
            double u = o.Maximize ? -g : g;
            if (t == 1)
                s[0] = s[1] = o.Initial;
            s[0] = o.Beta1 * s[0] + (1 - o.Beta1) * u;
            s[1] -= (1 - o.Beta2) * Math.Sign(s[1] - u * u) * u * u;
            return x - o.LearningRate * (s[0] / (Math.Sqrt(s[1]) + o.Epsilon) + o.WeightDecay * x);
        });

    private static UpdateMethod<T, YogiOptions> Method<T>(OptimizerConfiguration<YogiOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, YogiOptions>.Method(["exp_avg", "exp_avg_sq"], static (o, t) => Chain<T>.Of(
            new Orient<T>(o.Maximize), new Additive<T>(o, t == 1), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)));

    private readonly struct Additive<T>(YogiOptions o, bool first) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - o.Beta1), _weight2 = T.CreateTruncating(1 - o.Beta2), _epsilon = T.CreateTruncating(o.Epsilon);
        private readonly T _initial = T.CreateTruncating(first ? o.Initial : 0); // slots are zero before

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V mean = slots[0] + V.Create(_initial), before = slots[1] + V.Create(_initial), square = update * update;
            mean = V.FusedMultiplyAdd(V.Create(_weight1), update - mean, mean);
            square = before - V.Create(_weight2) * Signs.Of<V, T>(before - square) * square;
            slots[0] = mean;
            slots[1] = square;
            return mean / (V.Sqrt(square) + V.Create(_epsilon));
        }
    }
}

/// <summary>The options of <see cref="Yogi"/>.</summary>
public sealed record YogiOptions
{
    /// <summary>η, the step size. Default 1e-2.</summary>
    public double LearningRate { get; set; } = 1e-2;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, outside the root. Default 1e-3.</summary>
    public double Epsilon { get; set; } = 1e-3;

    /// <summary>m and v before the first update. Default 1e-6.</summary>
    public double Initial { get; set; } = 1e-6;

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<YogiOptions> Table { get; } = new OptionTable<YogiOptions>("yogi")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("initial_accumulator", o => o.Initial, (o, v) => o.Initial = v, OptionRange.NonNegative, "m and v before the first update")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
