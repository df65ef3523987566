using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.Modern;

/// <summary>NovoGrad: one second moment for each tensor: v ← β₂v + (1 − β₂)‖u‖² (v = ‖u‖² at first); m ← β₁m + u/(√v + ε) + λθ; θ ← θ − ηm.</summary>
/// <remarks>
/// Ginsburg et al. 2019, arXiv:1905.11286, algorithm 1.
/// </remarks>
public sealed class NovoGrad : OptimizerDefinition<NovoGradOptions>
{
    /// <inheritdoc/>
    public override string Name => "novograd";

    /// <inheritdoc/>
    public override string Source => "Ginsburg et al. 2019, arXiv:1905.11286";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.Tensor;

    /// <inheritdoc/>
    public override OptionTable<NovoGradOptions> Options => NovoGradOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, NovoGradOptions> Single(OptimizerConfiguration<NovoGradOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, NovoGradOptions> Double(OptimizerConfiguration<NovoGradOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(NovoGradOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, NovoGradOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("exp_avg");
            slots.AddFloat64("exp_avg_sq");
        }

        public override void Step(in StepContext<T, NovoGradOptions> step)
        {
            foreach (ParameterState<T, NovoGradOptions> parameter in step.Parameters)
            {
                NovoGradOptions o = parameter.Options;
                ref double square = ref parameter.Slots.Float64(1)[0];
                double norm = double.CreateTruncating(SumOfSquares.Of(parameter.Gradient));
                square = parameter.StepCount == 1 ? norm : o.Beta2 * square + (1 - o.Beta2) * norm;
                double scale = (o.Maximize ? -1 : 1) / (Math.Sqrt(square) + o.Epsilon);
                step.Apply(Chain<T>.Of(new Accumulate<T>(o.Beta1, square + o.Epsilon > 0 ? scale : 0, o.WeightDecay), new Descend<T>(o.LearningRate)), parameter);
            }
        }
    }

    private readonly struct Accumulate<T>(double beta1, double scale, double decay) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _beta1 = T.CreateTruncating(beta1), _scale = T.CreateTruncating(scale), _decay = T.CreateTruncating(decay);

        public static int SlotCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> =>
            slots[0] = V.FusedMultiplyAdd(V.Create(_beta1), slots[0], V.FusedMultiplyAdd(V.Create(_scale), update, V.Create(_decay) * parameter));
    }

    private sealed class Scalar(NovoGradOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _m = [.. infos.Select(p => new double[p.Count])];
        private readonly double[] _v = [.. infos.Select(_ => -1.0)];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                double norm = g.Sum(x => x * x);
                _v[p] = _v[p] < 0 ? norm : o.Beta2 * _v[p] + (1 - o.Beta2) * norm;
                for (int i = 0; i < g.Length; i++)
                {
                    _m[p][i] = o.Beta1 * _m[p][i] + (o.Maximize ? -g[i] : g[i]) / (Math.Sqrt(_v[p]) + o.Epsilon) + o.WeightDecay * parameters[p][i];
                    parameters[p][i] -= o.LearningRate * _m[p][i];
                }
            }
        }
    }
}

/// <summary>The options of <see cref="NovoGrad"/>.</summary>
public sealed record NovoGradOptions
{
    /// <summary>η, the step size. Default 1e-2.</summary>
    public double LearningRate { get; set; } = 1e-2;

    /// <summary>β₁, decay of the momentum. Default 0.95.</summary>
    public double Beta1 { get; set; } = 0.95;

    /// <summary>β₂, decay of the squared norm's average. Default 0.98.</summary>
    public double Beta2 { get; set; } = 0.98;

    /// <summary>ε, outside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>λ, added to the normalized gradient as λθ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<NovoGradOptions> Table { get; } = new OptionTable<NovoGradOptions>("novograd")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the momentum")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared norm's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decay λ, added to the normalized gradient", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
