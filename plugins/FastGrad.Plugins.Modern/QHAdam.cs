using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.Modern;

/// <summary>QHAdam: θ ← θ − η(((1 − ν₁)u + ν₁m̂)/(√((1 − ν₂)u² + ν₂v̂) + ε) + λθ).</summary>
/// <remarks>
/// Ma and Yarats 2019, arXiv:1810.06801, section 4.3, with the values recommended there. With ν₁ = ν₂ = 1 it is AdamW.
/// </remarks>
public sealed class QHAdam : OptimizerDefinition<QHAdamOptions>
{
    /// <inheritdoc/>
    public override string Name => "qhadam";

    /// <inheritdoc/>
    public override string Source => "Ma and Yarats 2019, arXiv:1810.06801";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<QHAdamOptions> Options => QHAdamOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, QHAdamOptions> Single(OptimizerConfiguration<QHAdamOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, QHAdamOptions> Double(OptimizerConfiguration<QHAdamOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(QHAdamOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 2, (x, g, s, t) =>
        {
            double u = o.Maximize ? -g : g;
            s[0] = o.Beta1 * s[0] + (1 - o.Beta1) * u;
            s[1] = o.Beta2 * s[1] + (1 - o.Beta2) * u * u;
            double mean = s[0] / (1 - Pow<double>.At(o.Beta1, t)), square = s[1] / (1 - Pow<double>.At(o.Beta2, t));
            double direction = ((1 - o.Nu1) * u + o.Nu1 * mean) / (Math.Sqrt((1 - o.Nu2) * u * u + o.Nu2 * square) + o.Epsilon);
            return x - o.LearningRate * (direction + o.WeightDecay * x);
        });

    private static UpdateMethod<T, QHAdamOptions> Method<T>(OptimizerConfiguration<QHAdamOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, QHAdamOptions>.Method(["exp_avg", "exp_avg_sq"], static (o, t) => Chain<T>.Of(
            new Orient<T>(o.Maximize), new QuasiHyperbolic<T>(o, t), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)));

    private readonly struct QuasiHyperbolic<T>(QHAdamOptions o, long t) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - o.Beta1), _weight2 = T.CreateTruncating(1 - o.Beta2), _epsilon = T.CreateTruncating(o.Epsilon);
        private readonly T _fresh1 = T.CreateTruncating(1 - o.Nu1), _fresh2 = T.CreateTruncating(1 - o.Nu2);
        private readonly T _mean = T.CreateTruncating(o.Nu1 / BiasCorrection.Of(o.Beta1, t)), _square = T.CreateTruncating(o.Nu2 / BiasCorrection.Of(o.Beta2, t));

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V power = update * update;
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]);
            V square = V.FusedMultiplyAdd(V.Create(_weight2), power - slots[1], slots[1]);
            slots[0] = mean;
            slots[1] = square;
            V direction = V.FusedMultiplyAdd(V.Create(_mean), mean, V.Create(_fresh1) * update);
            return direction / (V.Sqrt(V.FusedMultiplyAdd(V.Create(_square), square, V.Create(_fresh2) * power)) + V.Create(_epsilon));
        }
    }
}

/// <summary>The options of <see cref="QHAdam"/>.</summary>
public sealed record QHAdamOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.995.</summary>
    public double Beta1 { get; set; } = 0.995;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ν₁, the share of the average in the direction. Default 0.7.</summary>
    public double Nu1 { get; set; } = 0.7;

    /// <summary>ν₂, the share of the average in the square. Default 1.</summary>
    public double Nu2 { get; set; } = 1;

    /// <summary>ε, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<QHAdamOptions> Table { get; } = new OptionTable<QHAdamOptions>("qhadam")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("nu1", o => o.Nu1, (o, v) => o.Nu1 = v, OptionRange.Unit, "share ν₁ of the average in the direction")
        .Real("nu2", o => o.Nu2, (o, v) => o.Nu2 = v, OptionRange.Unit, "share ν₂ of the average in the square")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
