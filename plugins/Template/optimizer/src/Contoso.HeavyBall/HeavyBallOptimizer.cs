using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace Contoso.HeavyBall;

/// <summary>The heavy ball method: m ← βm + g + λθ; θ ← θ − ηm.</summary>
/// <remarks>Polyak 1964, USSR Comput. Math. Math. Phys. 4(5).</remarks>
public sealed class HeavyBallOptimizer : OptimizerDefinition<HeavyBallOptions>
{
    /// <inheritdoc/>
    public override string Name => "heavy-ball";

    /// <inheritdoc/>
    public override string Source => "Polyak 1964, USSR Comput. Math. Math. Phys. 4(5)";

    /// <summary>What is true of it; the conformance kit tests exactly this, and what every optimizer owes.</summary>
    public override OptimizerTraits Traits => OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<HeavyBallOptions> Options => HeavyBallOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, HeavyBallOptions> Single(OptimizerConfiguration<HeavyBallOptions> configuration) => Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, HeavyBallOptions> Double(OptimizerConfiguration<HeavyBallOptions> configuration) => Method<double>();

    /// <summary>The recurrences once more, in plain scalar code from the paper: what the rule is tested against.</summary>
    protected override ReferenceOptimizer Reference(HeavyBallOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 1, (x, g, slot, step) =>
        {
            slot[0] = o.Momentum * slot[0] + g + o.WeightDecay * x;
            return x - o.LearningRate * slot[0];
        });

    // A chain is one pass over memory, however many rules it has. Its last rule returns the parameter's new value.
    private static UpdateMethod<T, HeavyBallOptions> Method<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, HeavyBallOptions>.Method(["momentum_buffer"], static (o, step) => Chain<T>.Of(
            new AddDecay<T>(o.WeightDecay), new KeepMomentum<T>(o.Momentum), new Descend<T>(o.LearningRate)));

    /// <summary>m ← βm + g, for every width, for float and double.</summary>
    private readonly struct KeepMomentum<T>(double momentum) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _momentum = T.CreateTruncating(momentum);

        public static int SlotCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> =>
            slots[0] = V.FusedMultiplyAdd(V.Create(_momentum), slots[0], update);
    }
}
