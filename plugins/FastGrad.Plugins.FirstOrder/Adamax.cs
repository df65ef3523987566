using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>Adamax: m ← β₁m + (1 − β₁)u; w ← max(β₂w, |u| + ε); θ ← θ − η/(1 − β₁ᵗ)·m/w.</summary>
/// <remarks>
/// Kingma and Ba 2015, arXiv:1412.6980, algorithm 2. Semantics of PyTorch 2.10: u = ±g + λθ, and ε, which the paper does not have, is added
/// to |u|.
/// </remarks>
public sealed class Adamax : OptimizerDefinition<AdamaxOptions>
{
    /// <inheritdoc/>
    public override string Name => "adamax";

    /// <inheritdoc/>
    public override string Source => "Kingma and Ba 2015, arXiv:1412.6980";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<AdamaxOptions> Options => AdamaxOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdamaxOptions> Single(OptimizerConfiguration<AdamaxOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdamaxOptions> Double(OptimizerConfiguration<AdamaxOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdamaxOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 2, (x, g, s, t) =>
        {
            double u = (o.Maximize ? -g : g) + o.WeightDecay * x;
            s[0] = o.Beta1 * s[0] + (1 - o.Beta1) * u;
            s[1] = Math.Max(o.Beta2 * s[1], Math.Abs(u) + o.Epsilon);
            return x - o.LearningRate / (1 - Pow<double>.At(o.Beta1, t)) * s[0] / s[1];
        });

    private static UpdateMethod<T, AdamaxOptions> Method<T>(OptimizerConfiguration<AdamaxOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, AdamaxOptions>.Method(["exp_avg", "exp_inf"], static (o, t) => Chain<T>.Of(
            new AddDecay<T>(o.WeightDecay, o.Maximize), new ScaleByLargest<T>(o.Beta1, o.Beta2, o.Epsilon), new Descend<T>(o.LearningRate / BiasCorrection.Of(o.Beta1, t))));

    private readonly struct ScaleByLargest<T>(double beta1, double beta2, double epsilon) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - beta1), _beta2 = T.CreateTruncating(beta2), _epsilon = T.CreateTruncating(epsilon);

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]);
            V largest = V.Max(V.Create(_beta2) * slots[1], V.Abs(update) + V.Create(_epsilon)); // the second operand comes through where it is NaN
            slots[0] = mean;
            slots[1] = largest;
            return mean / largest;
        }
    }
}

/// <summary>The options of <see cref="Adamax"/>.</summary>
public sealed record AdamaxOptions
{
    /// <summary>η, the step size. Default 2e-3.</summary>
    public double LearningRate { get; set; } = 2e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the largest gradient. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, added to |u|. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>λ, added to the gradient as λθ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AdamaxOptions> Table { get; } = new OptionTable<AdamaxOptions>("adamax")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the largest gradient")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, added to |u|")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "L2 decay λ, added to the gradient", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
