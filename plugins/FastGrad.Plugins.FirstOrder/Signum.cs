using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Plugins.FirstOrder.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>Signum: m ← βm + (1 − β)u; θ ← θ − η(sign(m) + λθ). With β = 0 it is signSGD and keeps no state.</summary>
/// <remarks>
/// Bernstein et al. 2018, arXiv:1802.04434, algorithms 1 and 2. The paper has no decay; here it is decoupled. The sign of zero is zero.
/// </remarks>
public sealed class Signum : OptimizerDefinition<SignumOptions>
{
    /// <inheritdoc/>
    public override string Name => "signum";

    /// <inheritdoc/>
    public override string Source => "Bernstein et al. 2018, arXiv:1802.04434";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<SignumOptions> Options => SignumOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, SignumOptions> Single(OptimizerConfiguration<SignumOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, SignumOptions> Double(OptimizerConfiguration<SignumOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(SignumOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 1, (x, g, s, _) =>
        {
            s[0] = o.Momentum * s[0] + (1 - o.Momentum) * (o.Maximize ? -g : g);
            return x - o.LearningRate * (Math.Sign(s[0]) + o.WeightDecay * x);
        });

    private static UpdateMethod<T, SignumOptions> Method<T>(OptimizerConfiguration<SignumOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => configuration.Uses("momentum")
        ? Elementwise<T, SignumOptions>.Method(["momentum_buffer"], static (o, _) => Chain<T>.Of(
            new Average<T>(o.Momentum, o.Maximize), new SignOf<T>(), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)))
        : Elementwise<T, SignumOptions>.Method([], static (o, _) => Chain<T>.Of(
            new Orient<T>(o.Maximize), new SignOf<T>(), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)));

    private readonly struct SignOf<T> : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => Signs.Of<V, T>(update);
    }
}

/// <summary>The options of <see cref="Signum"/>.</summary>
public sealed record SignumOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>β, decay of the gradient's average; 0 is signSGD. Default 0.9.</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<SignumOptions> Table { get; } = new OptionTable<SignumOptions>("signum")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.Fraction, "decay β of the gradient's average; 0 is signSGD")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
