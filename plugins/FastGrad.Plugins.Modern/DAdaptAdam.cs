using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.Modern;

/// <summary>D-Adaptation for Adam: m ← β₁m + (1 − β₁)ηdg; θ ← (1 − ηdλ)θ − m/(√v + ε); d ← max(d, min(d̂, γd)), d̂ = r/((1 − √β₂)‖s‖₁).</summary>
/// <remarks>
/// Defazio and Mishchenko 2023, arXiv:2301.07733, in the authors' code: r ← √β₂r + (1 − √β₂)·ηd·Σ⟨g, s/(√v + ε)⟩ with s and v before the
/// step, s ← √β₂s + (1 − √β₂)ηdg. No correction of bias. η is a factor, best left at 1.
/// </remarks>
public sealed class DAdaptAdam : OptimizerDefinition<DAdaptAdamOptions>
{
    /// <inheritdoc/>
    public override string Name => "dadapt-adam";

    /// <inheritdoc/>
    public override string Source => "Defazio and Mishchenko 2023, arXiv:2301.07733";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.All;

    /// <inheritdoc/>
    public override OptionTable<DAdaptAdamOptions> Options => DAdaptAdamOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, DAdaptAdamOptions> Single(OptimizerConfiguration<DAdaptAdamOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, DAdaptAdamOptions> Double(OptimizerConfiguration<DAdaptAdamOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(DAdaptAdamOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, DAdaptAdamOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Distance = 0, Numerator = 1;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("exp_avg");
            slots.Like("exp_avg_sq");
            slots.Like("s");
        }

        public override void DeclareShared(SlotSet slots)
        {
            slots.AddFloat64("d");
            slots.AddFloat64("numerator_weighted");
        }

        public override void Step(in StepContext<T, DAdaptAdamOptions> step)
        {
            DAdaptAdamOptions o = step.Options;
            ref double d = ref step.Shared.Float64(Distance)[0], numerator = ref step.Shared.Float64(Numerator)[0];
            if (step.Number == 1)
                d = o.InitialDistance;
            double rate = o.LearningRate * d, root = Math.Sqrt(o.Beta2), along = 0, norm = 0;
            Span<double> sums = stackalloc double[2];
            foreach (ParameterState<T, DAdaptAdamOptions> parameter in step.Parameters)
            {
                step.Measure(new Moments<T>(o, rate), parameter, sums);
                along += sums[0];
                norm += sums[1];
            }
            numerator = root * numerator + (1 - root) * rate * along;
            foreach (ParameterState<T, DAdaptAdamOptions> parameter in step.Parameters)
                step.Apply(Chain<T>.Of(new Quotient<T>(o.Epsilon), new AddDecay<T>(rate * parameter.Options.WeightDecay), new Descend<T>(1)), parameter);
            double estimate = norm > 0 ? numerator / ((1 - root) * norm) : d;
            d = Math.Max(d, o.Growth > 0 ? Math.Min(estimate, o.Growth * d) : estimate);
        }
    }

    /// <summary>Sums ⟨g, s/(√v + ε)⟩ before, and ‖s‖₁ after m, v and s advance.</summary>
    private readonly struct Moments<T>(DAdaptAdamOptions o, double rate) : IMeasure<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _beta1 = T.CreateTruncating(o.Beta1), _weight1 = T.CreateTruncating((1 - o.Beta1) * rate), _epsilon = T.CreateTruncating(o.Epsilon);
        private readonly T _beta2 = T.CreateTruncating(o.Beta2), _weight2 = T.CreateTruncating(1 - o.Beta2);
        private readonly T _root = T.CreateTruncating(Math.Sqrt(o.Beta2)), _weight3 = T.CreateTruncating((1 - Math.Sqrt(o.Beta2)) * rate);

        public static int SlotCount => 3;

        public static int SumCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Measure<V>(V gradient, V parameter, SlotCursor<V, T> slots, SumCursor<V, T> sums)
            where V : struct, ISimdVector<V, T>
        {
            sums.Add(0, gradient * slots[2] / (V.Sqrt(slots[1]) + V.Create(_epsilon)));
            slots[0] = V.FusedMultiplyAdd(V.Create(_beta1), slots[0], V.Create(_weight1) * gradient);
            slots[1] = V.FusedMultiplyAdd(V.Create(_beta2), slots[1], V.Create(_weight2) * gradient * gradient);
            V s = V.FusedMultiplyAdd(V.Create(_root), slots[2], V.Create(_weight3) * gradient);
            slots[2] = s;
            sums.Add(1, V.Abs(s));
        }
    }

    private readonly struct Quotient<T>(double epsilon) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _epsilon = T.CreateTruncating(epsilon);

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> => slots[0] / (V.Sqrt(slots[1]) + V.Create(_epsilon));
    }

    private sealed class Scalar(DAdaptAdamOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _m = [.. infos.Select(p => new double[p.Count])], _v = [.. infos.Select(p => new double[p.Count])], _s = [.. infos.Select(p => new double[p.Count])];
        private double _d = o.InitialDistance, _r;

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            double root = Math.Sqrt(o.Beta2), along = 0, norm = 0, rate = o.LearningRate * _d;
            for (int p = 0; p < parameters.Length; p++)
            {
                for (int i = 0; gradients[p] is not null && i < parameters[p].Length; i++)
                {
                    double g = gradients[p]![i];
                    along += rate * g * _s[p][i] / (Math.Sqrt(_v[p][i]) + o.Epsilon);
                    _m[p][i] = o.Beta1 * _m[p][i] + (1 - o.Beta1) * rate * g;
                    _v[p][i] = o.Beta2 * _v[p][i] + (1 - o.Beta2) * g * g;
                    _s[p][i] = root * _s[p][i] + (1 - root) * rate * g;
                    norm += Math.Abs(_s[p][i]);
                    parameters[p][i] = parameters[p][i] * (1 - o.WeightDecay * rate) - _m[p][i] / (Math.Sqrt(_v[p][i]) + o.Epsilon);
                }
            }
            _r = root * _r + (1 - root) * along;
            double estimate = norm > 0 ? _r / ((1 - root) * norm) : _d;
            _d = Math.Max(_d, o.Growth > 0 ? Math.Min(estimate, o.Growth * _d) : estimate);
        }
    }
}

/// <summary>The options of <see cref="DAdaptAdam"/>.</summary>
public sealed record DAdaptAdamOptions
{
    /// <summary>η, the factor of the estimated step. Default 1.</summary>
    public double LearningRate { get; set; } = 1;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>d before the first update. Default 1e-6.</summary>
    public double InitialDistance { get; set; } = 1e-6;

    /// <summary>γ, the largest factor of d in an update; 0 for no bound. Default 0.</summary>
    public double Growth { get; set; }

    /// <summary>λ: each step multiplies θ by 1 − ηdλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<DAdaptAdamOptions> Table { get; } = new OptionTable<DAdaptAdamOptions>("dadapt-adam")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "factor η of the estimated step", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("d0", o => o.InitialDistance, (o, v) => o.InitialDistance = v, OptionRange.Positive, "first estimate of the distance")
        .Real("growth_rate", o => o.Growth, (o, v) => o.Growth = v, OptionRange.NonNegative, "largest factor of d in an update; 0 for no bound")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times ηd", OptionMeaning.Decay);
}
