using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.Wrappers;

namespace FastGrad.Plugins.Modern.Wrappers;

/// <summary>
/// Sharpness-aware minimization: the step takes the gradient at θ + ρg/‖g‖ instead of that at θ; adaptive (ASAM) at θ + ρs²g/‖sg‖, s = |θ|
/// + η.
/// </summary>
/// <remarks>
/// Foret et al. 2021, arXiv:2010.01412, algorithm 1; Kwon et al. 2021, arXiv:2102.11600, algorithm 1. The norm goes over all parameters. It
/// needs a second evaluation, which the training step supplies. θ comes back bit for bit.
/// </remarks>
public sealed class SharpnessAware() : WrapperDefinition<SharpnessAwareOptions>(
    "sam",
    "Foret et al. 2021, arXiv:2010.01412; ASAM: Kwon et al. 2021, arXiv:2102.11600",
    "the gradient at the worst point near by",
    SharpnessAwareOptions.Table)
{
    /// <inheritdoc/>
    public override OptimizerNeeds Needs => OptimizerNeeds.Reevaluate;

    /// <inheritdoc/>
    protected override Optimizer<float> Single(Optimizer<float> inner, SharpnessAwareOptions options) => new Wrapped<float>(inner, options);

    /// <inheritdoc/>
    protected override Optimizer<double> Double(Optimizer<double> inner, SharpnessAwareOptions options) => new Wrapped<double>(inner, options);

    private sealed class Wrapped<T> : OptimizerWrapper<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly SharpnessAwareOptions _o;
        private readonly T[][] _before, _climb;

        public Wrapped(Optimizer<T> inner, SharpnessAwareOptions o)
            : base("sam", inner)
        {
            _o = o;
            _before = [.. inner.Parameters.Select(p => new T[p.Info.Count])];
            _climb = [.. inner.Parameters.Select(p => new T[p.Info.Count])];
        }

        public override OptimizerNeeds Needs => Inner.Needs | OptimizerNeeds.Reevaluate;

        public override StepReport Step(Objective<T>? objective = null)
        {
            if (objective?.Reevaluate is not { } reevaluate)
                throw new InvalidOperationException($"{Name} needs {OptimizerNeeds.Reevaluate}, which the step's objective does not supply.");
            double sum = 0;
            for (int p = 0; p < _before.Length; p++)
            {
                if (!Parameters[p].TryGetGradient(out Span<T> gradient))
                    continue;
                Parameters[p].Value.CopyTo(_climb[p]);
                Scale(_climb[p], gradient);
                sum += double.CreateTruncating(SumOfSquares.Of<T>(_climb[p]));
            }
            if (sum == 0)
                return Inner.Step(objective);
            double length = _o.Radius / Math.Sqrt(sum);
            for (int p = 0; p < _before.Length; p++)
            {
                Span<T> value = Parameters[p].Value;
                value.CopyTo(_before[p]);
                if (!Parameters[p].TryGetGradient(out _))
                    continue;
                if (_o.Adaptive)
                    SpanRules.Apply(new TimesSize<T>(_o.Eta), _climb[p], (ReadOnlySpan<T>)value, Workers);
                SpanRules.Apply(new Descend<T>(-length), value, _climb[p], Workers);
            }
            try
            {
                reevaluate();
            }
            finally
            {
                for (int p = 0; p < _before.Length; p++)
                    _before[p].CopyTo(Parameters[p].Value);
            }
            return Inner.Step(objective);
        }

        // s·g, or g itself; the target holds θ.
        private void Scale(Span<T> target, Span<T> gradient)
        {
            if (_o.Adaptive)
                SpanRules.Apply(new SizeTimes<T>(_o.Eta), target, gradient, Workers);
            else
                gradient.CopyTo(target);
        }
    }

    /// <summary>(|θ| + η)·u.</summary>
    private readonly struct SizeTimes<T>(double eta) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _eta = T.CreateTruncating(eta);

        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => (V.Abs(parameter) + V.Create(_eta)) * update;
    }

    /// <summary>(|u| + η)·θ: the same with the operands' places changed.</summary>
    private readonly struct TimesSize<T>(double eta) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _eta = T.CreateTruncating(eta);

        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => (V.Abs(update) + V.Create(_eta)) * parameter;
    }
}

/// <summary>The options of <see cref="SharpnessAware"/>.</summary>
public sealed record SharpnessAwareOptions
{
    /// <summary>ρ, the radius. Default 0.05.</summary>
    public double Radius { get; set; } = 0.05;

    /// <summary>Whether to measure by the size of each weight. Default false.</summary>
    public bool Adaptive { get; set; }

    /// <summary>η, the least size of a weight in ASAM. Default 0.01.</summary>
    public double Eta { get; set; } = 0.01;

    /// <summary>The option table.</summary>
    public static OptionTable<SharpnessAwareOptions> Table { get; } = new OptionTable<SharpnessAwareOptions>("sam")
        .Real("rho", o => o.Radius, (o, v) => o.Radius = v, OptionRange.NonNegative, "radius ρ")
        .Flag("adaptive", o => o.Adaptive, (o, v) => o.Adaptive = v, "measure by the size of each weight (ASAM)")
        .Real("eta", o => o.Eta, (o, v) => o.Eta = v, OptionRange.NonNegative, "least size of a weight in ASAM");
}
