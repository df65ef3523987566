using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Optimization.Tests.Proof;

public sealed record LionOptions
{
    public double LearningRate { get; set; } = 1e-2;

    public double Beta1 { get; set; } = 0.9;

    public double Beta2 { get; set; } = 0.99;

    public double WeightDecay { get; set; } = 0.1;

    public static OptionTable<LionOptions> Table { get; } = new OptionTable<LionOptions>("lion")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "interpolation of the update")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay of the momentum")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay", OptionMeaning.Decay);
}

/// <summary>Chen et al. 2023, arXiv:2302.06675, algorithm 2: an elementwise rule, and nothing else.</summary>
public sealed class Lion : OptimizerDefinition<LionOptions>
{
    public override string Name => "lion";

    public override string Source => "Chen et al. 2023, arXiv:2302.06675";

    public override OptimizerTraits Traits =>
        OptimizerTraits.SplitInvariant | OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    public override OptionTable<LionOptions> Options => LionOptions.Table;

    protected override UpdateMethod<float, LionOptions> Single(OptimizerConfiguration<LionOptions> configuration) => Method<float>();

    protected override UpdateMethod<double, LionOptions> Double(OptimizerConfiguration<LionOptions> configuration) => Method<double>();

    protected override ReferenceOptimizer Reference(LionOptions options, IReadOnlyList<ParameterInfo> parameters) => new Scalar(options, parameters);

    private static UpdateMethod<T, LionOptions> Method<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Elementwise<T, LionOptions>.Method(
            ["exp_avg"],
            static (o, _) => Chain<T>.Of(new SignOfMomentum<T>(o.Beta1, o.Beta2), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)));

    private readonly struct SignOfMomentum<T>(double beta1, double beta2) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - beta1), _weight2 = T.CreateTruncating(1 - beta2);

        public static int SlotCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V momentum = slots[0], change = update - momentum, zero = V.Create(T.Zero);
            V mixed = V.FusedMultiplyAdd(V.Create(_weight1), change, momentum);
            slots[0] = V.FusedMultiplyAdd(V.Create(_weight2), change, momentum);
            return V.Select(V.Equal(mixed, zero), zero, V.CopySign(V.Create(T.One), mixed));
        }
    }

    private sealed class Scalar(LionOptions o, IReadOnlyList<ParameterInfo> parameters) : ReferenceOptimizer
    {
        private readonly double[][] _m = [.. parameters.Select(p => new double[p.Count])];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                for (int i = 0; i < g.Length; i++)
                {
                    double c = o.Beta1 * _m[p][i] + (1 - o.Beta1) * g[i];
                    parameters[p][i] -= o.LearningRate * (Math.Sign(c) + o.WeightDecay * parameters[p][i]);
                    _m[p][i] = o.Beta2 * _m[p][i] + (1 - o.Beta2) * g[i];
                }
            }
        }
    }
}
