using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.Modern;

/// <summary>Schedule-free AdamW: z ← z − γ(u/(√v̂ + ε) + λy); x ← x + c(z − x), c = γ²/Σγ²; y = (1 − β₁)z + β₁x.</summary>
/// <remarks>
/// Defazio et al. 2024, arXiv:2405.15682, algorithm 1, with weights γ², γ the rate after its warm-up. The parameters hold y; x is what <see
/// cref="Optimizer{T}.EvaluationWeights"/> puts in.
/// </remarks>
public sealed class ScheduleFreeAdamW : OptimizerDefinition<ScheduleFreeAdamWOptions>
{
    /// <inheritdoc/>
    public override string Name => "schedule-free-adamw";

    /// <inheritdoc/>
    public override string Source => "Defazio et al. 2024, arXiv:2405.15682";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<ScheduleFreeAdamWOptions> Options => ScheduleFreeAdamWOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, ScheduleFreeAdamWOptions> Single(OptimizerConfiguration<ScheduleFreeAdamWOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, ScheduleFreeAdamWOptions> Double(OptimizerConfiguration<ScheduleFreeAdamWOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(ScheduleFreeAdamWOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, ScheduleFreeAdamWOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Z = 0, X = 1, Sum = 3;

        public override bool HasEvaluationWeights => true;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("z");
            slots.Like("x");
            slots.Like("exp_avg_sq");
            slots.AddFloat64("weight_sum");
        }

        public override void Step(in StepContext<T, ScheduleFreeAdamWOptions> step)
        {
            foreach (ParameterState<T, ScheduleFreeAdamWOptions> parameter in step.Parameters)
            {
                ScheduleFreeAdamWOptions o = parameter.Options;
                double rate = o.LearningRate * Math.Min(1, (double)parameter.StepCount / Math.Max(1, o.Warmup));
                ref double sum = ref parameter.Slots.Float64(Sum)[0];
                sum += rate * rate;
                step.Apply(new Interpolated<T>(o, rate, sum > 0 ? rate * rate / sum : 0, parameter.StepCount), parameter);
            }
        }

        public override void WriteEvaluationWeights(ParameterState<T, ScheduleFreeAdamWOptions> parameter, Span<T> destination)
        {
            ReadOnlySpan<T> weights = parameter.StepCount == 0 ? parameter.Value : parameter.Slots[X];
            weights.CopyTo(destination);
        }
    }

    private readonly struct Interpolated<T>(ScheduleFreeAdamWOptions o, double rate, double weight, long t) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _minusRate = T.CreateTruncating(-rate), _beta = T.CreateTruncating(o.Beta1), _weight = T.CreateTruncating(weight), _decay = T.CreateTruncating(o.WeightDecay);
        private readonly T _sign = o.Maximize ? T.NegativeOne : T.One;
        private readonly T _weight2 = T.CreateTruncating(1 - o.Beta2), _correct2 = T.CreateTruncating(1 / Math.Sqrt(BiasCorrection.Of(o.Beta2, t))), _epsilon = T.CreateTruncating(o.Epsilon);
        private readonly bool _first = t == 1;

        public static int SlotCount => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V u = V.Create(_sign) * update;
            V square = V.FusedMultiplyAdd(V.Create(_weight2), u * u - slots[2], slots[2]);
            slots[2] = square;
            u /= V.FusedMultiplyAdd(V.Create(_correct2), V.Sqrt(square), V.Create(_epsilon));
            u = V.FusedMultiplyAdd(V.Create(_decay), parameter, u);
            V z = V.FusedMultiplyAdd(V.Create(_minusRate), u, _first ? parameter : slots[0]), x = _first ? parameter : slots[1];
            x = V.FusedMultiplyAdd(V.Create(_weight), z - x, x);
            slots[0] = z;
            slots[1] = x;
            return V.FusedMultiplyAdd(V.Create(_beta), x - z, z);
        }
    }

    private sealed class Scalar(ScheduleFreeAdamWOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[]?[] _z = new double[]?[infos.Count], _x = new double[]?[infos.Count];
        private readonly double[][] _v = [.. infos.Select(p => new double[p.Count])];
        private readonly double[] _sum = new double[infos.Count];
        private readonly int[] _t = new int[infos.Count];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                double[] y = parameters[p], z = _z[p] ??= [.. y], x = _x[p] ??= [.. y];
                int t = ++_t[p];
                double rate = o.LearningRate * Math.Min(1, (double)t / Math.Max(1, o.Warmup));
                _sum[p] += rate * rate;
                double c = _sum[p] > 0 ? rate * rate / _sum[p] : 0;
                for (int i = 0; i < g.Length; i++)
                {
                    double u = o.Maximize ? -g[i] : g[i];
                    _v[p][i] = o.Beta2 * _v[p][i] + (1 - o.Beta2) * u * u;
                    u /= Math.Sqrt(_v[p][i] / (1 - Pow<double>.At(o.Beta2, t))) + o.Epsilon;
                    z[i] -= rate * (u + o.WeightDecay * y[i]);
                    x[i] = (1 - c) * x[i] + c * z[i];
                    y[i] = (1 - o.Beta1) * z[i] + o.Beta1 * x[i];
                }
            }
        }

        public override double[][] EvaluationWeights(double[][] parameters) => [.. parameters.Select((y, p) => _x[p] ?? y)];
    }
}

/// <summary>The options of <see cref="ScheduleFreeAdamW"/>.</summary>
public sealed record ScheduleFreeAdamWOptions
{
    /// <summary>η, the step size. Default 2.5e-3.</summary>
    public double LearningRate { get; set; } = 2.5e-3;

    /// <summary>β₁, the share of x in y. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>The updates in which η rises linearly. Default 0.</summary>
    public long Warmup { get; set; }

    /// <summary>λ, added to the direction as λy. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<ScheduleFreeAdamWOptions> Table { get; } = new OptionTable<ScheduleFreeAdamWOptions>("schedule-free-adamw")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "share β₁ of the average in the point of the gradient")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Integer("warmup_steps", o => o.Warmup, (o, v) => o.Warmup = v, new(0, 1L << 53), "updates in which η rises")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decay λ, taken at y", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
