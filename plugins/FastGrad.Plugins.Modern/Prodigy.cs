using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.Modern;

/// <summary>
/// Prodigy: Adam whose step d is estimated from ⟨g, θ₀ − θ⟩ over all parameters: m, v of dg; r ← √β₂r + (1 − √β₂)ηd²⟨g, θ₀ − θ⟩, s likewise
/// of ηd²g, d ← max(d, r/‖s‖₁).
/// </summary>
/// <remarks>
/// Mishchenko and Defazio 2023, arXiv:2306.06101, algorithm 4: θ ← θ − ηd(m/(√v + dε) + λθ). No correction of bias. η is a factor, best
/// left at 1.
/// </remarks>
public sealed class Prodigy : OptimizerDefinition<ProdigyOptions>
{
    /// <inheritdoc/>
    public override string Name => "prodigy";

    /// <inheritdoc/>
    public override string Source => "Mishchenko and Defazio 2023, arXiv:2306.06101";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.All;

    /// <inheritdoc/>
    public override OptionTable<ProdigyOptions> Options => ProdigyOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, ProdigyOptions> Single(OptimizerConfiguration<ProdigyOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, ProdigyOptions> Double(OptimizerConfiguration<ProdigyOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(ProdigyOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, ProdigyOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Distance = 0, Numerator = 1;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("exp_avg");
            slots.Like("exp_avg_sq");
            slots.Like("s");
            slots.Like("p0");
        }

        public override void DeclareShared(SlotSet slots)
        {
            slots.AddFloat64("d");
            slots.AddFloat64("d_numerator");
        }

        public override void Step(in StepContext<T, ProdigyOptions> step)
        {
            ProdigyOptions o = step.Options;
            ref double d = ref step.Shared.Float64(Distance)[0], numerator = ref step.Shared.Float64(Numerator)[0];
            if (step.Number == 1)
                d = o.InitialDistance;
            double root = Math.Sqrt(o.Beta2), along = 0, norm = 0;
            Span<double> sums = stackalloc double[2];
            foreach (ParameterState<T, ProdigyOptions> parameter in step.Parameters)
            {
                if (parameter.StepCount == 1)
                    parameter.Value.CopyTo(parameter.Slots[3]);
                step.Measure(new Moments<T>(o, d), parameter, sums);
                along += sums[0];
                norm += sums[1];
            }
            numerator = root * numerator + (1 - root) * o.LearningRate * d * d * along;
            foreach (ParameterState<T, ProdigyOptions> parameter in step.Parameters)
                step.Apply(Chain<T>.Of(new Quotient<T>(d * o.Epsilon), new AddDecay<T>(parameter.Options.WeightDecay), new Descend<T>(parameter.Options.LearningRate * d)), parameter);
            if (norm > 0)
                d = Math.Max(d, numerator / norm);
        }
    }

    /// <summary>Advances m, v and s; sums ⟨g, θ₀ − θ⟩ and ‖s‖₁.</summary>
    private readonly struct Moments<T>(ProdigyOptions o, double d) : IMeasure<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _beta1 = T.CreateTruncating(o.Beta1), _weight1 = T.CreateTruncating((1 - o.Beta1) * d), _distance = T.CreateTruncating(d);
        private readonly T _beta2 = T.CreateTruncating(o.Beta2), _weight2 = T.CreateTruncating(1 - o.Beta2);
        private readonly T _root = T.CreateTruncating(Math.Sqrt(o.Beta2)), _weight3 = T.CreateTruncating((1 - Math.Sqrt(o.Beta2)) * o.LearningRate * d * d);

        public static int SlotCount => 4;

        public static int SumCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Measure<V>(V gradient, V parameter, SlotCursor<V, T> slots, SumCursor<V, T> sums)
            where V : struct, ISimdVector<V, T>
        {
            V scaled = V.Create(_distance) * gradient; // first, so that its square does not leave the format
            slots[0] = V.FusedMultiplyAdd(V.Create(_beta1), slots[0], V.Create(_weight1) * gradient);
            slots[1] = V.FusedMultiplyAdd(V.Create(_beta2), slots[1], V.Create(_weight2) * scaled * scaled);
            V s = V.FusedMultiplyAdd(V.Create(_root), slots[2], V.Create(_weight3) * gradient);
            slots[2] = s;
            sums.Add(0, gradient * (slots[3] - parameter));
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

    private sealed class Scalar(ProdigyOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _m = [.. infos.Select(p => new double[p.Count])], _v = [.. infos.Select(p => new double[p.Count])], _s = [.. infos.Select(p => new double[p.Count])];
        private readonly double[]?[] _start = new double[]?[infos.Count];
        private double _d = o.InitialDistance, _r;

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            double root = Math.Sqrt(o.Beta2), along = 0, norm = 0;
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                double[] start = _start[p] ??= [.. parameters[p]];
                for (int i = 0; i < g.Length; i++)
                {
                    _m[p][i] = o.Beta1 * _m[p][i] + (1 - o.Beta1) * _d * g[i];
                    _v[p][i] = o.Beta2 * _v[p][i] + (1 - o.Beta2) * _d * _d * g[i] * g[i];
                    _s[p][i] = root * _s[p][i] + (1 - root) * o.LearningRate * _d * _d * g[i];
                    along += g[i] * (start[i] - parameters[p][i]);
                    norm += Math.Abs(_s[p][i]);
                }
            }
            _r = root * _r + (1 - root) * o.LearningRate * _d * _d * along;
            for (int p = 0; p < parameters.Length; p++)
            {
                for (int i = 0; gradients[p] is not null && i < parameters[p].Length; i++)
                    parameters[p][i] -= o.LearningRate * _d * (_m[p][i] / (Math.Sqrt(_v[p][i]) + _d * o.Epsilon) + o.WeightDecay * parameters[p][i]);
            }
            _d = norm > 0 ? Math.Max(_d, _r / norm) : _d;
        }
    }
}

/// <summary>The options of <see cref="Prodigy"/>.</summary>
public sealed record ProdigyOptions
{
    /// <summary>η, the factor of the estimated step. Default 1.</summary>
    public double LearningRate { get; set; } = 1;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, times d, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>d before the first update. Default 1e-6.</summary>
    public double InitialDistance { get; set; } = 1e-6;

    /// <summary>λ: each step multiplies θ by 1 − ηdλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<ProdigyOptions> Table { get; } = new OptionTable<ProdigyOptions>("prodigy")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "factor η of the estimated step", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, times d, outside the root")
        .Real("d0", o => o.InitialDistance, (o, v) => o.InitialDistance = v, OptionRange.Positive, "first estimate of the distance")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times ηd", OptionMeaning.Decay);
}
