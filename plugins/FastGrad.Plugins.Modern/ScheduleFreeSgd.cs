using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.Modern;

/// <summary>Schedule-free SGD: z ← z − γ(u + λy); x ← x + c(z − x), c = γ²/Σγ²; y = (1 − β)z + βx, at which the gradient is taken.</summary>
/// <remarks>
/// Defazio et al. 2024, arXiv:2405.15682, equations 3 to 5, with weights γ², γ the rate after its warm-up. The parameters hold y; x is what
/// <see cref="Optimizer{T}.EvaluationWeights"/> puts in.
/// </remarks>
public sealed class ScheduleFreeSgd : OptimizerDefinition<ScheduleFreeSgdOptions>
{
    /// <inheritdoc/>
    public override string Name => "schedule-free-sgd";

    /// <inheritdoc/>
    public override string Source => "Defazio et al. 2024, arXiv:2405.15682";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override OptionTable<ScheduleFreeSgdOptions> Options => ScheduleFreeSgdOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, ScheduleFreeSgdOptions> Single(OptimizerConfiguration<ScheduleFreeSgdOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, ScheduleFreeSgdOptions> Double(OptimizerConfiguration<ScheduleFreeSgdOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(ScheduleFreeSgdOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, ScheduleFreeSgdOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Z = 0, X = 1, Sum = 2;

        public override bool HasEvaluationWeights => true;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("z");
            slots.Like("x");
            slots.AddFloat64("weight_sum");
        }

        public override void Step(in StepContext<T, ScheduleFreeSgdOptions> step)
        {
            foreach (ParameterState<T, ScheduleFreeSgdOptions> parameter in step.Parameters)
            {
                ScheduleFreeSgdOptions o = parameter.Options;
                double rate = o.LearningRate * Math.Min(1, (double)parameter.StepCount / Math.Max(1, o.Warmup));
                ref double sum = ref parameter.Slots.Float64(Sum)[0];
                sum += rate * rate;
                step.Apply(new Interpolated<T>(o, rate, sum > 0 ? rate * rate / sum : 0, parameter.StepCount), parameter);
            }
        }

        public override void WriteEvaluationWeights(ParameterState<T, ScheduleFreeSgdOptions> parameter, Span<T> destination)
        {
            ReadOnlySpan<T> weights = parameter.StepCount == 0 ? parameter.Value : parameter.Slots[X];
            weights.CopyTo(destination);
        }
    }

    private readonly struct Interpolated<T>(ScheduleFreeSgdOptions o, double rate, double weight, long t) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _minusRate = T.CreateTruncating(-rate), _beta = T.CreateTruncating(o.Momentum), _weight = T.CreateTruncating(weight), _decay = T.CreateTruncating(o.WeightDecay);
        private readonly T _sign = o.Maximize ? T.NegativeOne : T.One;
        private readonly bool _first = t == 1;

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V u = V.Create(_sign) * update;
            u = V.FusedMultiplyAdd(V.Create(_decay), parameter, u);
            V z = V.FusedMultiplyAdd(V.Create(_minusRate), u, _first ? parameter : slots[0]), x = _first ? parameter : slots[1];
            x = V.FusedMultiplyAdd(V.Create(_weight), z - x, x);
            slots[0] = z;
            slots[1] = x;
            return V.FusedMultiplyAdd(V.Create(_beta), x - z, z);
        }
    }

    private sealed class Scalar(ScheduleFreeSgdOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[]?[] _z = new double[]?[infos.Count], _x = new double[]?[infos.Count];
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
                    z[i] -= rate * (u + o.WeightDecay * y[i]);
                    x[i] = (1 - c) * x[i] + c * z[i];
                    y[i] = (1 - o.Momentum) * z[i] + o.Momentum * x[i];
                }
            }
        }

        public override double[][] EvaluationWeights(double[][] parameters) => [.. parameters.Select((y, p) => _x[p] ?? y)];
    }
}

/// <summary>The options of <see cref="ScheduleFreeSgd"/>.</summary>
public sealed record ScheduleFreeSgdOptions
{
    /// <summary>η, the step size. Default 1.</summary>
    public double LearningRate { get; set; } = 1;

    /// <summary>β, the share of x in y. Default 0.9.</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary>The updates in which η rises linearly. Default 0.</summary>
    public long Warmup { get; set; }

    /// <summary>λ, added to the gradient as λy. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<ScheduleFreeSgdOptions> Table { get; } = new OptionTable<ScheduleFreeSgdOptions>("schedule-free-sgd")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.Fraction, "share β of the average in the point of the gradient")
        .Integer("warmup_steps", o => o.Warmup, (o, v) => o.Warmup = v, new(0, 1L << 53), "updates in which η rises")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decay λ, taken at y", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
