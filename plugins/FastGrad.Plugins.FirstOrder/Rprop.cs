using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>Rprop: each element has its own step Δ, times η⁺ while the gradient keeps its sign, times η⁻ when it turns; θ ← θ − sign(u)·Δ.</summary>
/// <remarks>
/// Riedmiller and Braun 1993, ICNN; the form that leaves an element alone in the update after a turn (iRprop⁻, Igel and Hüsken 2000).
/// Semantics of PyTorch 2.10: the first step is η, Δ stays within [<c>step_min</c>, <c>step_max</c>], the gradient of an element that
/// turned counts as zero. For full batches.
/// </remarks>
public sealed class Rprop : OptimizerDefinition<RpropOptions>
{
    /// <inheritdoc/>
    public override string Name => "rprop";

    /// <inheritdoc/>
    public override string Source => "Riedmiller and Braun 1993, ICNN; Igel and Hüsken 2000";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<RpropOptions> Options => RpropOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, RpropOptions> Single(OptimizerConfiguration<RpropOptions> configuration) => Method<float>(configuration);

    /// <inheritdoc/>
    protected override UpdateMethod<double, RpropOptions> Double(OptimizerConfiguration<RpropOptions> configuration) => Method<double>(configuration);

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(RpropOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        ReferenceOptimizer.Elementwise(parameters, slots: 2, (x, g, s, t) =>
        {
            double u = o.Maximize ? -g : g;
            double size = t == 1 ? o.LearningRate : s[1];
            if (u * s[0] > 0)
                size *= o.Grow;
            if (u * s[0] < 0)
                (size, u) = (size * o.Shrink, 0);
            s[0] = u;
            s[1] = Math.Clamp(size, o.SmallestStep, o.LargestStep);
            return x - Math.Sign(u) * s[1];
        });

    private static UpdateMethod<T, RpropOptions> Method<T>(OptimizerConfiguration<RpropOptions> configuration)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, RpropOptions>.Method(
            ["prev", "step_size"], static (o, t) => Chain<T>.Of(new Orient<T>(o.Maximize), new OwnStep<T>(o, first: t == 1), new Descend<T>(1)));

    private readonly struct OwnStep<T>(RpropOptions o, bool first) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _shrink = T.CreateTruncating(o.Shrink), _grow = T.CreateTruncating(o.Grow);
        private readonly T _least = T.CreateTruncating(o.SmallestStep), _most = T.CreateTruncating(o.LargestStep);
        private readonly T _start = T.CreateTruncating(first ? o.LearningRate : 0); // the slot is zero before

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V zero = V.Create(T.Zero), along = update * slots[0], turned = V.LessThan(along, zero);
            V factor = V.Select(V.GreaterThan(along, zero), V.Create(_grow), V.Select(turned, V.Create(_shrink), V.Create(T.One)));
            V size = V.Min(V.Create(_most), V.Max(V.Create(_least), (slots[1] + V.Create(_start)) * factor));
            V gradient = V.Select(turned, zero, update);
            slots[0] = gradient;
            slots[1] = size;
            return Signs.Of<V, T>(gradient) * size;
        }
    }
}

/// <summary>The options of <see cref="Rprop"/>.</summary>
public sealed record RpropOptions
{
    /// <summary>η, the step size. Default 1e-2.</summary>
    public double LearningRate { get; set; } = 1e-2;

    /// <summary>η⁻, the factor of a step whose gradient turned. Default 0.5.</summary>
    public double Shrink { get; set; } = 0.5;

    /// <summary>η⁺, the factor of a step whose gradient kept its sign. Default 1.2.</summary>
    public double Grow { get; set; } = 1.2;

    /// <summary>The smallest Δ. Default 1e-6.</summary>
    public double SmallestStep { get; set; } = 1e-6;

    /// <summary>The largest Δ. Default 50.</summary>
    public double LargestStep { get; set; } = 50;

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<RpropOptions> Table { get; } = new OptionTable<RpropOptions>("rprop")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("eta_minus", o => o.Shrink, (o, v) => o.Shrink = v, new(0, 1, false, false), "factor η⁻ after a turn")
        .Real("eta_plus", o => o.Grow, (o, v) => o.Grow = v, new(1, double.PositiveInfinity, false, false), "factor η⁺ without a turn")
        .Real("step_min", o => o.SmallestStep, (o, v) => o.SmallestStep = v, OptionRange.NonNegative, "smallest step of an element")
        .Real("step_max", o => o.LargestStep, (o, v) => o.LargestStep = v, OptionRange.Positive, "largest step of an element")
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend")
        .Require(o => o.SmallestStep <= o.LargestStep, "step_min must not be above step_max");
}
