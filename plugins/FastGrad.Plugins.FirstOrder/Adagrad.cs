using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>Adagrad: u = ±g + λθ; s ← s + u²; θ ← θ − η/(1 + (t − 1)γ)·u/(√s + ε).</summary>
/// <remarks>
/// Duchi, Hazan and Singer 2011, JMLR 12, figure 1 (diagonal form). Semantics of PyTorch 2.10: ε outside the root, s begins at a configured
/// value, γ is <c>lr_decay</c>.
/// </remarks>
public sealed class Adagrad : OptimizerDefinition<AdagradOptions>
{
    /// <inheritdoc/>
    public override string Name => "adagrad";

    /// <inheritdoc/>
    public override string Source => "Duchi, Hazan and Singer 2011, JMLR 12";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<AdagradOptions> Options => AdagradOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdagradOptions> Single(OptimizerConfiguration<AdagradOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdagradOptions> Double(OptimizerConfiguration<AdagradOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdagradOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 1, (x, g, s, t) =>
        {
            double u = (o.Maximize ? -g : g) + o.WeightDecay * x;
            s[0] = (t == 1 ? o.InitialSum : s[0]) + u * u;
            return x - o.LearningRate / (1 + (t - 1) * o.RateDecay) * u / (Math.Sqrt(s[0]) + o.Epsilon);
        });

    private static UpdateMethod<T, AdagradOptions> Method<T>(OptimizerConfiguration<AdagradOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, AdagradOptions>.Method(["sum"], static (o, t) => Chain<T>.Of(
            new AddDecay<T>(o.WeightDecay, o.Maximize), new ScaleBySum<T>(t == 1 ? o.InitialSum : 0, o.Epsilon), new Descend<T>(o.LearningRate / (1 + (t - 1) * o.RateDecay))));

    private readonly struct ScaleBySum<T>(double initial, double epsilon) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _initial = T.CreateTruncating(initial), _epsilon = T.CreateTruncating(epsilon);

        public static int SlotCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V sum = V.FusedMultiplyAdd(update, update, slots[0] + V.Create(_initial));
            slots[0] = sum;
            return update / (V.Sqrt(sum) + V.Create(_epsilon));
        }
    }
}

/// <summary>The options of <see cref="Adagrad"/>.</summary>
public sealed record AdagradOptions
{
    /// <summary>η, the step size. Default 1e-2.</summary>
    public double LearningRate { get; set; } = 1e-2;

    /// <summary>γ, how the step falls beside the sum. Default 0.</summary>
    public double RateDecay { get; set; }

    /// <summary>λ, added to the gradient as λθ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>s before the first update. Default 0.</summary>
    public double InitialSum { get; set; }

    /// <summary>ε, outside the root. Default 1e-10.</summary>
    public double Epsilon { get; set; } = 1e-10;

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AdagradOptions> Table { get; } = new OptionTable<AdagradOptions>("adagrad")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("lr_decay", o => o.RateDecay, (o, v) => o.RateDecay = v, OptionRange.NonNegative, "fall γ of the step with t")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "L2 decay λ, added to the gradient", OptionMeaning.Decay)
        .Real("initial_accumulator_value", o => o.InitialSum, (o, v) => o.InitialSum = v, OptionRange.NonNegative, "the sum before the first update")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
