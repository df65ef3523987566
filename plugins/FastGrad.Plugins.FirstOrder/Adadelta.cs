using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>Adadelta: v ← ρv + (1 − ρ)u²; δ = u·√(d + ε)/√(v + ε); d ← ρd + (1 − ρ)δ²; θ ← θ − ηδ.</summary>
/// <remarks>
/// Zeiler 2012, arXiv:1212.5701, algorithm 1. Semantics of PyTorch 2.10: ε inside both roots, u = ±g + λθ, and a factor η that the paper
/// does not have.
/// </remarks>
public sealed class Adadelta : OptimizerDefinition<AdadeltaOptions>
{
    /// <inheritdoc/>
    public override string Name => "adadelta";

    /// <inheritdoc/>
    public override string Source => "Zeiler 2012, arXiv:1212.5701";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<AdadeltaOptions> Options => AdadeltaOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdadeltaOptions> Single(OptimizerConfiguration<AdadeltaOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdadeltaOptions> Double(OptimizerConfiguration<AdadeltaOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdadeltaOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 2, (x, g, s, _) =>
        {
            double u = (o.Maximize ? -g : g) + o.WeightDecay * x;
            s[0] = o.Rho * s[0] + (1 - o.Rho) * u * u;
            double delta = Math.Sqrt(s[1] + o.Epsilon) / Math.Sqrt(s[0] + o.Epsilon) * u;
            s[1] = o.Rho * s[1] + (1 - o.Rho) * delta * delta;
            return x - o.LearningRate * delta;
        });

    private static UpdateMethod<T, AdadeltaOptions> Method<T>(OptimizerConfiguration<AdadeltaOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, AdadeltaOptions>.Method(["square_avg", "acc_delta"], static (o, _) => Chain<T>.Of(
            new AddDecay<T>(o.WeightDecay, o.Maximize), new ScaleByDelta<T>(o.Rho, o.Epsilon), new Descend<T>(o.LearningRate)));

    private readonly struct ScaleByDelta<T>(double rho, double epsilon) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _rho = T.CreateTruncating(rho), _weight = T.CreateTruncating(1 - rho), _epsilon = T.CreateTruncating(epsilon);

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V rho = V.Create(_rho), weight = V.Create(_weight), epsilon = V.Create(_epsilon);
            V square = V.FusedMultiplyAdd(rho, slots[0], weight * update * update);
            V delta = V.Sqrt(slots[1] + epsilon) / V.Sqrt(square + epsilon) * update;
            slots[0] = square;
            slots[1] = V.FusedMultiplyAdd(rho, slots[1], weight * delta * delta);
            return delta;
        }
    }
}

/// <summary>The options of <see cref="Adadelta"/>.</summary>
public sealed record AdadeltaOptions
{
    /// <summary>η, the step size. Default 1.</summary>
    public double LearningRate { get; set; } = 1;

    /// <summary>ρ, decay of both averages. Default 0.9.</summary>
    public double Rho { get; set; } = 0.9;

    /// <summary>ε, inside both roots. Default 1e-6.</summary>
    public double Epsilon { get; set; } = 1e-6;

    /// <summary>λ, added to the gradient as λθ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AdadeltaOptions> Table { get; } = new OptionTable<AdadeltaOptions>("adadelta")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("rho", o => o.Rho, (o, v) => o.Rho = v, OptionRange.Unit, "decay ρ of both averages")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, inside both roots")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "L2 decay λ, added to the gradient", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
