using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization.Tests.Proof;

public sealed record ProdigyOptions
{
    public double LearningRate { get; set; } = 1;

    public double Beta1 { get; set; } = 0.9;

    public double Beta2 { get; set; } = 0.99;

    public double Epsilon { get; set; } = 1e-8;

    public double InitialDistance { get; set; } = 0.01;

    public static OptionTable<ProdigyOptions> Table { get; } = new OptionTable<ProdigyOptions>("prodigy")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "factor of the estimated step", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "β1")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "β2")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε")
        .Real("d0", o => o.InitialDistance, (o, v) => o.InitialDistance = v, OptionRange.Positive, "first estimate of the distance");
}

/// <summary>
/// Mishchenko and Defazio 2023, arXiv:2306.06101, algorithm 4: Adam with the step estimated from ⟨g, x₀ − x⟩ over all parameters. Needs
/// shared state, a measure phase that also updates slots, and every parameter in one call.
/// </summary>
public sealed class Prodigy : OptimizerDefinition<ProdigyOptions>
{
    public override string Name => "prodigy";

    public override string Source => "Mishchenko and Defazio 2023, arXiv:2306.06101";

    public override OptimizerTraits Traits => OptimizerTraits.NoAllocation;

    public override Coupling Coupling => Coupling.All;

    public override OptionTable<ProdigyOptions> Options => ProdigyOptions.Table;

    protected override UpdateMethod<float, ProdigyOptions> Single(OptimizerConfiguration<ProdigyOptions> configuration) => new Method<float>();

    protected override UpdateMethod<double, ProdigyOptions> Double(OptimizerConfiguration<ProdigyOptions> configuration) => new Method<double>();

    protected override ReferenceOptimizer Reference(ProdigyOptions options, IReadOnlyList<ParameterInfo> parameters) => new Scalar(options, parameters);

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
            ref double d = ref step.Shared.Float64(Distance)[0];
            ref double numerator = ref step.Shared.Float64(Numerator)[0];
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
                step.Apply(new Move<T>(o.LearningRate * d, d * o.Epsilon), parameter);
            if (norm > 0)
                d = Math.Max(d, numerator / norm);
        }
    }

    /// <summary>Advances m, v and s; sums ⟨g, x₀ − x⟩ and ‖s‖₁.</summary>
    private readonly struct Moments<T>(ProdigyOptions o, double d) : IMeasure<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _beta1 = T.CreateTruncating(o.Beta1), _weight1 = T.CreateTruncating((1 - o.Beta1) * d);
        private readonly T _beta2 = T.CreateTruncating(o.Beta2), _weight2 = T.CreateTruncating((1 - o.Beta2) * d * d);
        private readonly T _root = T.CreateTruncating(Math.Sqrt(o.Beta2)), _weight3 = T.CreateTruncating((1 - Math.Sqrt(o.Beta2)) * o.LearningRate * d * d);

        public static int SlotCount => 4;

        public static int SumCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Measure<V>(V gradient, V parameter, SlotCursor<V, T> slots, SumCursor<V, T> sums)
            where V : struct, ISimdVector<V, T>
        {
            slots[0] = V.Create(_beta1) * slots[0] + V.Create(_weight1) * gradient;
            slots[1] = V.Create(_beta2) * slots[1] + V.Create(_weight2) * gradient * gradient;
            V s = V.Create(_root) * slots[2] + V.Create(_weight3) * gradient;
            slots[2] = s;
            sums.Add(0, gradient * (slots[3] - parameter));
            sums.Add(1, V.Abs(s));
        }
    }

    private readonly struct Move<T>(double rate, double epsilon) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _rate = T.CreateTruncating(rate), _epsilon = T.CreateTruncating(epsilon);

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> =>
            parameter - V.Create(_rate) * slots[0] / (V.Sqrt(slots[1]) + V.Create(_epsilon));
    }

    private sealed class Scalar(ProdigyOptions o, IReadOnlyList<ParameterInfo> parameters) : ReferenceOptimizer
    {
        private readonly double[][] _m = [.. parameters.Select(p => new double[p.Count])];
        private readonly double[][] _v = [.. parameters.Select(p => new double[p.Count])];
        private readonly double[][] _s = [.. parameters.Select(p => new double[p.Count])];
        private readonly double[]?[] _start = new double[]?[parameters.Count];
        private double _d = o.InitialDistance, _r;

        public override void Step(double[][] x, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            double root = Math.Sqrt(o.Beta2), along = 0, norm = 0;
            for (int p = 0; p < x.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                double[] start = _start[p] ??= [.. x[p]];
                for (int i = 0; i < g.Length; i++)
                {
                    _m[p][i] = o.Beta1 * _m[p][i] + (1 - o.Beta1) * _d * g[i];
                    _v[p][i] = o.Beta2 * _v[p][i] + (1 - o.Beta2) * _d * _d * g[i] * g[i];
                    _s[p][i] = root * _s[p][i] + (1 - root) * o.LearningRate * _d * _d * g[i];
                    along += g[i] * (start[i] - x[p][i]);
                    norm += Math.Abs(_s[p][i]);
                }
            }
            _r = root * _r + (1 - root) * o.LearningRate * _d * _d * along;
            for (int p = 0; p < x.Length; p++)
            {
                for (int i = 0; gradients[p] is not null && i < x[p].Length; i++)
                    x[p][i] -= o.LearningRate * _d * _m[p][i] / (Math.Sqrt(_v[p][i]) + _d * o.Epsilon);
            }
            _d = Math.Max(_d, _r / norm);
        }
    }
}
