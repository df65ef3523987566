using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.Modern;

/// <summary>Adan: averages m of u, d of u − u′ (u′ the previous one), n of (u + β₂(u − u′))²; θ ← (θ − η(m̂ + β₂d̂)/(√n̂ + ε))/(1 + ηλ).</summary>
/// <remarks>
/// Xie et al. 2022, arXiv:2208.06677, algorithm 1, in the authors' code: the βs are decays (the paper's are 1 − β), averages are corrected
/// for bias, the first difference is zero, the decay is proximal.
/// </remarks>
public sealed class Adan : OptimizerDefinition<AdanOptions>
{
    /// <inheritdoc/>
    public override string Name => "adan";

    /// <inheritdoc/>
    public override string Source => "Xie et al. 2022, arXiv:2208.06677";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<AdanOptions> Options => AdanOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdanOptions> Single(OptimizerConfiguration<AdanOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdanOptions> Double(OptimizerConfiguration<AdanOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdanOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 4, (x, g, s, t) =>
        {
            double u = o.Maximize ? -g : g, change = t == 1 ? 0 : u - s[3];
            s[0] = o.Beta1 * s[0] + (1 - o.Beta1) * u;
            s[1] = o.Beta2 * s[1] + (1 - o.Beta2) * change;
            s[2] = o.Beta3 * s[2] + (1 - o.Beta3) * (u + o.Beta2 * change) * (u + o.Beta2 * change);
            s[3] = u;
            double direction = s[0] / (1 - Pow<double>.At(o.Beta1, t)) + o.Beta2 * s[1] / (1 - Pow<double>.At(o.Beta2, t));
            direction /= Math.Sqrt(s[2] / (1 - Pow<double>.At(o.Beta3, t))) + o.Epsilon;
            return (x - o.LearningRate * direction) / (1 + o.LearningRate * o.WeightDecay);
        });

    private static UpdateMethod<T, AdanOptions> Method<T>(OptimizerConfiguration<AdanOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, AdanOptions>.Method(
            ["exp_avg", "exp_avg_diff", "exp_avg_sq", "pre_grad"], static (o, t) => Chain<T>.Of(new Orient<T>(o.Maximize), new Ahead<T>(o, t)));

    private readonly struct Ahead<T>(AdanOptions o, long t) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - o.Beta1), _weight2 = T.CreateTruncating(1 - o.Beta2), _weight3 = T.CreateTruncating(1 - o.Beta3), _beta2 = T.CreateTruncating(o.Beta2);
        private readonly T _correct1 = T.CreateTruncating(1 / BiasCorrection.Of(o.Beta1, t)), _correct2 = T.CreateTruncating(o.Beta2 / BiasCorrection.Of(o.Beta2, t));
        private readonly T _correct3 = T.CreateTruncating(1 / Math.Sqrt(BiasCorrection.Of(o.Beta3, t))), _epsilon = T.CreateTruncating(o.Epsilon);
        private readonly T _minusRate = T.CreateTruncating(-o.LearningRate), _shrink = T.CreateTruncating(1 / (1 + o.LearningRate * o.WeightDecay));
        private readonly bool _first = t == 1;

        public static int SlotCount => 4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V change = _first ? V.Create(T.Zero) : update - slots[3], ahead = V.FusedMultiplyAdd(V.Create(_beta2), change, update);
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]);
            V difference = V.FusedMultiplyAdd(V.Create(_weight2), change - slots[1], slots[1]);
            V square = V.FusedMultiplyAdd(V.Create(_weight3), ahead * ahead - slots[2], slots[2]);
            slots[0] = mean;
            slots[1] = difference;
            slots[2] = square;
            slots[3] = update;
            V direction = V.FusedMultiplyAdd(V.Create(_correct1), mean, V.Create(_correct2) * difference) / V.FusedMultiplyAdd(V.Create(_correct3), V.Sqrt(square), V.Create(_epsilon));
            return V.FusedMultiplyAdd(V.Create(_minusRate), direction, parameter) * V.Create(_shrink);
        }
    }
}

/// <summary>The options of <see cref="Adan"/>.</summary>
public sealed record AdanOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.98.</summary>
    public double Beta1 { get; set; } = 0.98;

    /// <summary>β₂, decay of the difference's average. Default 0.92.</summary>
    public double Beta2 { get; set; } = 0.92;

    /// <summary>β₃, decay of the square's average. Default 0.99.</summary>
    public double Beta3 { get; set; } = 0.99;

    /// <summary>ε, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>λ: each step divides θ by 1 + ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AdanOptions> Table { get; } = new OptionTable<AdanOptions>("adan")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the difference's average")
        .Real("beta3", o => o.Beta3, (o, v) => o.Beta3 = v, OptionRange.Fraction, "decay β₃ of the square's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "proximal decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
