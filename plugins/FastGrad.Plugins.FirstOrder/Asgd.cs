using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>Averaged descent: θ ← (1 − λη)θ − ηu, η = η₀/(1 + λη₀(t − 1))^α; a ← a + μ(θ − a), μ = 1/max(1, t − 1 − t₀).</summary>
/// <remarks>
/// Polyak and Juditsky 1992, SIAM J. Control Optim. 30(4), with the step sizes of Bottou 2012, "Stochastic Gradient Descent Tricks",
/// section 5.2. Semantics of PyTorch 2.10. The average a (slot <c>ax</c>) is what <see cref="Optimizer{T}.EvaluationWeights"/> puts in;
/// until update t₀ it equals θ.
/// Deviations: where a schedule moves η₀, update t uses η₀ of update t, PyTorch that of t − 1. PyTorch keeps η and μ as state; here they
/// are functions of t.
/// </remarks>
public sealed class Asgd : OptimizerDefinition<AsgdOptions>
{
    /// <inheritdoc/>
    public override string Name => "asgd";

    /// <inheritdoc/>
    public override string Source => "Polyak and Juditsky 1992, SIAM J. Control Optim. 30(4)";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<AsgdOptions> Options => AsgdOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AsgdOptions> Single(OptimizerConfiguration<AsgdOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, AsgdOptions> Double(OptimizerConfiguration<AsgdOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AsgdOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 1, (x, g, s, t) =>
        {
            double rate = o.LearningRate / Pow<double>.At(1 + o.Lambda * o.LearningRate * (t - 1), o.Power);
            double u = (o.Maximize ? -g : g) + o.WeightDecay * x;
            x = x * (1 - o.Lambda * rate) - rate * u;
            s[0] += (x - s[0]) / Math.Max(1, t - 1 - o.AverageFrom);
            return x;
        });

    private static UpdateMethod<T, AsgdOptions> Method<T>(OptimizerConfiguration<AsgdOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, AsgdOptions>.Method(
            ["ax"], static (o, t) => Chain<T>.Of(new AddDecay<T>(o.WeightDecay, o.Maximize), new Averaged<T>(o, t)), evaluationSlot: "ax");

    private readonly struct Averaged<T> : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _minusRate, _keep, _weight;
        private readonly bool _averages;

        public Averaged(AsgdOptions o, long t)
        {
            double rate = o.LearningRate / Pow<double>.At(1 + o.Lambda * o.LearningRate * (t - 1), o.Power);
            (_minusRate, _keep) = (T.CreateTruncating(-rate), T.CreateTruncating(1 - o.Lambda * rate));
            double count = Math.Max(1, t - 1 - o.AverageFrom);
            (_weight, _averages) = (T.CreateTruncating(1 / count), count > 1);
        }

        public static int SlotCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V next = V.FusedMultiplyAdd(V.Create(_minusRate), update, V.Create(_keep) * parameter);
            slots[0] = _averages ? V.FusedMultiplyAdd(V.Create(_weight), next - slots[0], slots[0]) : next; // a copy has its very bits
            return next;
        }
    }
}

/// <summary>The options of <see cref="Asgd"/>.</summary>
public sealed record AsgdOptions
{
    /// <summary>η, the step size. Default 1e-2.</summary>
    public double LearningRate { get; set; } = 1e-2;

    /// <summary>λ, the decay of θ, which also sets how η falls. Default 1e-4.</summary>
    public double Lambda { get; set; } = 1e-4;

    /// <summary>α, the power with which η falls. Default 0.75.</summary>
    public double Power { get; set; } = 0.75;

    /// <summary>t₀, the update after which the average begins. Default 1e6.</summary>
    public double AverageFrom { get; set; } = 1e6;

    /// <summary>λ, added to the gradient as λθ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AsgdOptions> Table { get; } = new OptionTable<AsgdOptions>("asgd")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("lambd", o => o.Lambda, (o, v) => o.Lambda = v, OptionRange.NonNegative, "decay λ of the weights and of the step")
        .Real("alpha", o => o.Power, (o, v) => o.Power = v, OptionRange.NonNegative, "power α of the step's fall")
        .Real("t0", o => o.AverageFrom, (o, v) => o.AverageFrom = v, OptionRange.NonNegative, "update t₀ after which the average begins")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "L2 decay λ, added to the gradient", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
