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

/// <summary>LARS: ρ = κ‖θ‖/(‖u‖ + λ‖θ‖) for each matrix; b ← μb + ηρ(u + λθ); θ ← θ − b.</summary>
/// <remarks>
/// You, Gitman and Ginsburg 2017, arXiv:1708.03888, algorithm 1. As in the authors' training code, what has fewer than two dimensions takes
/// ρ = 1, and so does a tensor of which a norm is zero.
/// </remarks>
public sealed class Lars : OptimizerDefinition<LarsOptions>
{
    /// <inheritdoc/>
    public override string Name => "lars";

    /// <inheritdoc/>
    public override string Source => "You, Gitman and Ginsburg 2017, arXiv:1708.03888";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.OrderInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.Tensor;

    /// <inheritdoc/>
    public override OptionTable<LarsOptions> Options => LarsOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, LarsOptions> Single(OptimizerConfiguration<LarsOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, LarsOptions> Double(OptimizerConfiguration<LarsOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(LarsOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, LarsOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Declare(ParameterInfo parameter, SlotSet slots) => slots.Like("momentum_buffer");

        public override void Step(in StepContext<T, LarsOptions> step)
        {
            foreach (ParameterState<T, LarsOptions> parameter in step.Parameters)
            {
                LarsOptions o = parameter.Options;
                double local = 1;
                if (parameter.Info.Rank >= 2)
                {
                    double weights = Math.Sqrt(double.CreateTruncating(SumOfSquares.Of<T>(parameter.Value)));
                    double gradient = Math.Sqrt(double.CreateTruncating(SumOfSquares.Of(parameter.Gradient)));
                    if (weights > 0 && gradient > 0)
                        local = o.Trust * weights / (gradient + o.WeightDecay * weights);
                }
                step.Apply(Chain<T>.Of(new AddDecay<T>(o.WeightDecay, o.Maximize), new Heavy<T>(o.Momentum, o.LearningRate * local), new Descend<T>(1)), parameter);
            }
        }
    }

    private readonly struct Heavy<T>(double momentum, double rate) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _momentum = T.CreateTruncating(momentum), _rate = T.CreateTruncating(rate);

        public static int SlotCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T> =>
            slots[0] = V.FusedMultiplyAdd(V.Create(_momentum), slots[0], V.Create(_rate) * update);
    }

    private sealed class Scalar(LarsOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _buffer = [.. infos.Select(p => new double[p.Count])];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                double weights = Math.Sqrt(parameters[p].Sum(x => x * x)), slope = Math.Sqrt(g.Sum(x => x * x));
                double local = infos[p].Rank < 2 || weights == 0 || slope == 0 ? 1 : o.Trust * weights / (slope + o.WeightDecay * weights);
                for (int i = 0; i < g.Length; i++)
                {
                    double u = (o.Maximize ? -g[i] : g[i]) + o.WeightDecay * parameters[p][i];
                    _buffer[p][i] = o.Momentum * _buffer[p][i] + o.LearningRate * local * u;
                    parameters[p][i] -= _buffer[p][i];
                }
            }
        }
    }
}

/// <summary>The options of <see cref="Lars"/>.</summary>
public sealed record LarsOptions
{
    /// <summary>η, the step size. Default 0.1.</summary>
    public double LearningRate { get; set; } = 0.1;

    /// <summary>μ. Default 0.9.</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary>κ, the trust coefficient. Default 1e-3.</summary>
    public double Trust { get; set; } = 1e-3;

    /// <summary>λ, added to the gradient as λθ, and part of ρ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<LarsOptions> Table { get; } = new OptionTable<LarsOptions>("lars")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("momentum", o => o.Momentum, (o, v) => o.Momentum = v, OptionRange.Fraction, "momentum μ")
        .Real("trust", o => o.Trust, (o, v) => o.Trust = v, OptionRange.Positive, "trust coefficient κ")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "L2 decay λ, part of the local rate", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
