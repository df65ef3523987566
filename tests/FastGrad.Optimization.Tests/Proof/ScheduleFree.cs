using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Optimization.Tests.Proof;

public sealed record ScheduleFreeOptions
{
    public double LearningRate { get; set; } = 0.1;

    public double Beta { get; set; } = 0.9;

    public static OptionTable<ScheduleFreeOptions> Table { get; } = new OptionTable<ScheduleFreeOptions>("schedule-free")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size", OptionMeaning.LearningRate)
        .Real("beta", o => o.Beta, (o, v) => o.Beta = v, OptionRange.Fraction, "interpolation between iterate and average");
}

/// <summary>
/// Defazio et al. 2024, arXiv:2405.15682, equations 1 to 3: gradients at y = (1 − β)z + βx, steps on z, evaluation at the average x. The
/// parameter holds y. Needs evaluation weights.
/// </summary>
public sealed class ScheduleFree : OptimizerDefinition<ScheduleFreeOptions>
{
    public override string Name => "schedule-free";

    public override string Source => "Defazio et al. 2024, arXiv:2405.15682";

    public override OptimizerTraits Traits => OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    public override OptionTable<ScheduleFreeOptions> Options => ScheduleFreeOptions.Table;

    protected override UpdateMethod<float, ScheduleFreeOptions> Single(OptimizerConfiguration<ScheduleFreeOptions> configuration) => Method<float>();

    protected override UpdateMethod<double, ScheduleFreeOptions> Double(OptimizerConfiguration<ScheduleFreeOptions> configuration) => Method<double>();

    protected override ReferenceOptimizer Reference(ScheduleFreeOptions options, IReadOnlyList<ParameterInfo> parameters) => new Scalar(options, parameters);

    private static UpdateMethod<T, ScheduleFreeOptions> Method<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Elementwise<T, ScheduleFreeOptions>.Method(["z", "x"], static (o, t) => new Rule<T>(o.LearningRate, o.Beta, t), evaluationSlot: "x");

    private readonly struct Rule<T>(double rate, double beta, long step) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _rate = T.CreateTruncating(rate), _beta = T.CreateTruncating(beta), _weight = T.CreateTruncating(1.0 / (step + 1));
        private readonly bool _first = step == 1;

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V z = (_first ? parameter : slots[0]) - V.Create(_rate) * update;
            V x = _first ? parameter : slots[1];
            x += V.Create(_weight) * (z - x);
            slots[0] = z;
            slots[1] = x;
            return z + V.Create(_beta) * (x - z);
        }
    }

    private sealed class Scalar(ScheduleFreeOptions o, IReadOnlyList<ParameterInfo> parameters) : ReferenceOptimizer
    {
        private readonly double[]?[] _z = new double[]?[parameters.Count], _x = new double[]?[parameters.Count];
        private readonly int[] _t = new int[parameters.Count];

        public override void Step(double[][] y, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < y.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                double[] z = _z[p] ??= [.. y[p]], x = _x[p] ??= [.. y[p]];
                double c = 1.0 / (++_t[p] + 1);
                for (int i = 0; i < g.Length; i++)
                {
                    z[i] -= o.LearningRate * g[i];
                    x[i] = (1 - c) * x[i] + c * z[i];
                    y[p][i] = (1 - o.Beta) * z[i] + o.Beta * x[i];
                }
            }
        }

        public override double[][] EvaluationWeights(double[][] parameters) => [.. parameters.Select((y, p) => _x[p] ?? y)];
    }
}
