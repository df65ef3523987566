using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.Modern;

/// <summary>AdEMAMix: AdamW with a second, slow average: θ ← θ − η((m̂ + αs)/(√v̂ + ε) + λθ), s ← β₃s + (1 − β₃)u.</summary>
/// <remarks>
/// Pagliardini, Ablin and Grangier 2024, arXiv:2409.03137, section 3. s is not corrected for bias. With a warm-up of T updates α(t) =
/// min(1, t/T)·α, and β₃(t) moves so that the half-life grows linearly from that of β₁: ln β₃(t) = ln β₁·ln β₃/((1 − t/T)ln β₃ + (t/T)ln
/// β₁), up to β₃ at T.
/// </remarks>
public sealed class AdEMAMix : OptimizerDefinition<AdEMAMixOptions>
{
    /// <inheritdoc/>
    public override string Name => "ademamix";

    /// <inheritdoc/>
    public override string Source => "Pagliardini, Ablin and Grangier 2024, arXiv:2409.03137";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<AdEMAMixOptions> Options => AdEMAMixOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdEMAMixOptions> Single(OptimizerConfiguration<AdEMAMixOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdEMAMixOptions> Double(OptimizerConfiguration<AdEMAMixOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdEMAMixOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 3, (x, g, s, t) =>
        {
            double u = o.Maximize ? -g : g, done = o.Warmup == 0 ? 1 : Math.Min(1, (double)t / o.Warmup), beta3 = o.Beta3;
            if (done < 1)
            {
                double first = Log<double>.At(o.Beta1), last = Log<double>.At(o.Beta3);
                beta3 = Math.Min(beta3, Exp<double>.At(first * last / ((1 - done) * last + done * first)));
            }
            s[0] = o.Beta1 * s[0] + (1 - o.Beta1) * u;
            s[1] = o.Beta2 * s[1] + (1 - o.Beta2) * u * u;
            s[2] = beta3 * s[2] + (1 - beta3) * u;
            double root = Math.Sqrt(s[1] / (1 - Pow<double>.At(o.Beta2, t))) + o.Epsilon;
            return x - o.LearningRate * ((s[0] / (1 - Pow<double>.At(o.Beta1, t)) + done * o.Alpha * s[2]) / root + o.WeightDecay * x);
        });

    private static UpdateMethod<T, AdEMAMixOptions> Method<T>(OptimizerConfiguration<AdEMAMixOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, AdEMAMixOptions>.Method(["exp_avg", "exp_avg_sq", "exp_avg_slow"], static (o, t) => Chain<T>.Of(
            new Orient<T>(o.Maximize), new Mixed<T>(o, t), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)));

    private readonly struct Mixed<T> : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1, _weight2, _weight3, _alpha, _correct1, _correct2, _epsilon;

        public Mixed(AdEMAMixOptions o, long t)
        {
            double done = o.Warmup > 0 ? Math.Min(1, (double)t / o.Warmup) : 1, beta3 = o.Beta3;
            if (done < 1 && o.Beta1 > 0)
            {
                double first = Log<double>.At(o.Beta1), last = Log<double>.At(o.Beta3);
                beta3 = Math.Min(beta3, Exp<double>.At(first * last / ((1 - done) * last + done * first)));
            }
            (_weight1, _weight2, _weight3) = (T.CreateTruncating(1 - o.Beta1), T.CreateTruncating(1 - o.Beta2), T.CreateTruncating(1 - beta3));
            (_alpha, _epsilon) = (T.CreateTruncating(done * o.Alpha), T.CreateTruncating(o.Epsilon));
            _correct1 = T.CreateTruncating(1 / BiasCorrection.Of(o.Beta1, t));
            _correct2 = T.CreateTruncating(1 / Math.Sqrt(BiasCorrection.Of(o.Beta2, t)));
        }

        public static int SlotCount => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]);
            V square = V.FusedMultiplyAdd(V.Create(_weight2), update * update - slots[1], slots[1]);
            V slow = V.FusedMultiplyAdd(V.Create(_weight3), update - slots[2], slots[2]);
            slots[0] = mean;
            slots[1] = square;
            slots[2] = slow;
            return V.FusedMultiplyAdd(V.Create(_alpha), slow, V.Create(_correct1) * mean) / V.FusedMultiplyAdd(V.Create(_correct2), V.Sqrt(square), V.Create(_epsilon));
        }
    }
}

/// <summary>The options of <see cref="AdEMAMix"/>.</summary>
public sealed record AdEMAMixOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>β₃, decay of the slow average. Default 0.9999.</summary>
    public double Beta3 { get; set; } = 0.9999;

    /// <summary>α, the weight of the slow average. Default 5.</summary>
    public double Alpha { get; set; } = 5;

    /// <summary>T, the updates in which α and β₃ rise. Default 0.</summary>
    public long Warmup { get; set; }

    /// <summary>ε, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AdEMAMixOptions> Table { get; } = new OptionTable<AdEMAMixOptions>("ademamix")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("beta3", o => o.Beta3, (o, v) => o.Beta3 = v, new(0, 1, false, false), "decay β₃ of the slow average")
        .Real("alpha", o => o.Alpha, (o, v) => o.Alpha = v, OptionRange.NonNegative, "weight α of the slow average")
        .Integer("warmup", o => o.Warmup, (o, v) => o.Warmup = v, new(0, 1L << 53), "updates in which α and β₃ rise")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
