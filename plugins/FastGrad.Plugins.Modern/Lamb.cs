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

/// <summary>LAMB: r = m̂/(√v̂ + ε) + λθ, Adam's direction with decay; θ ← θ − η·(‖θ‖/‖r‖)·r for each tensor.</summary>
/// <remarks>
/// You et al. 2020, arXiv:1904.00962, algorithm 2, with φ the identity. Where a norm is zero the quotient counts as 1. The moments advance
/// in the pass that takes the norms.
/// </remarks>
public sealed class Lamb : OptimizerDefinition<LambOptions>
{
    /// <inheritdoc/>
    public override string Name => "lamb";

    /// <inheritdoc/>
    public override string Source => "You et al. 2020, arXiv:1904.00962";

    /// <inheritdoc/>
    public override OptimizerTraits Traits =>
        OptimizerTraits.OrderInvariant | OptimizerTraits.ScaleInvariant | OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.Tensor;

    /// <inheritdoc/>
    public override OptionTable<LambOptions> Options => LambOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, LambOptions> Single(OptimizerConfiguration<LambOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, LambOptions> Double(OptimizerConfiguration<LambOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(LambOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, LambOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("exp_avg");
            slots.Like("exp_avg_sq");
            slots.ScratchLike("direction");
        }

        public override void Step(in StepContext<T, LambOptions> step)
        {
            Span<double> sums = stackalloc double[2];
            foreach (ParameterState<T, LambOptions> parameter in step.Parameters)
            {
                step.Measure(new Direction<T>(parameter.Options, parameter.StepCount), parameter, sums);
                double ratio = sums[0] > 0 && sums[1] > 0 ? Math.Sqrt(sums[0] / sums[1]) : 1;
                step.Apply(new Descend<T>(parameter.Options.LearningRate * ratio), parameter.Value, parameter.Slots[2]);
            }
        }
    }

    /// <summary>Advances the moments, keeps the direction, sums θ² and r².</summary>
    private readonly struct Direction<T>(LambOptions o, long t) : IMeasure<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - o.Beta1), _beta2 = T.CreateTruncating(o.Beta2), _weight2 = T.CreateTruncating(1 - o.Beta2);
        private readonly T _correct1 = T.CreateTruncating(1 / BiasCorrection.Of(o.Beta1, t)), _correct2 = T.CreateTruncating(1 / Math.Sqrt(BiasCorrection.Of(o.Beta2, t)));
        private readonly T _epsilon = T.CreateTruncating(o.Epsilon), _decay = T.CreateTruncating(o.WeightDecay), _sign = o.Maximize ? T.NegativeOne : T.One;

        public static int SlotCount => 3;

        public static int SumCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Measure<V>(V gradient, V parameter, SlotCursor<V, T> slots, SumCursor<V, T> sums)
            where V : struct, ISimdVector<V, T>
        {
            V u = V.Create(_sign) * gradient;
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), u - slots[0], slots[0]);
            V square = V.FusedMultiplyAdd(V.Create(_beta2), slots[1], V.Create(_weight2) * u * u);
            slots[0] = mean;
            slots[1] = square;
            V step = V.Create(_correct1) * mean / V.FusedMultiplyAdd(V.Create(_correct2), V.Sqrt(square), V.Create(_epsilon));
            step = V.FusedMultiplyAdd(V.Create(_decay), parameter, step);
            slots[2] = step;
            sums.Add(0, parameter * parameter);
            sums.Add(1, step * step);
        }
    }

    private sealed class Scalar(LambOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _m = [.. infos.Select(p => new double[p.Count])], _v = [.. infos.Select(p => new double[p.Count])];
        private readonly int[] _t = new int[infos.Count];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } gradient)
                    continue;
                double[] x = parameters[p], r = new double[x.Length];
                int t = ++_t[p];
                for (int i = 0; i < x.Length; i++)
                {
                    double g = o.Maximize ? -gradient[i] : gradient[i];
                    _m[p][i] = o.Beta1 * _m[p][i] + (1 - o.Beta1) * g;
                    _v[p][i] = o.Beta2 * _v[p][i] + (1 - o.Beta2) * g * g;
                    r[i] = _m[p][i] / (1 - Pow<double>.At(o.Beta1, t)) / (Math.Sqrt(_v[p][i] / (1 - Pow<double>.At(o.Beta2, t))) + o.Epsilon) + o.WeightDecay * x[i];
                }
                double weights = Math.Sqrt(x.Sum(v => v * v)), length = Math.Sqrt(r.Sum(v => v * v)), ratio = weights > 0 && length > 0 ? weights / length : 1;
                for (int i = 0; i < x.Length; i++)
                    x[i] -= o.LearningRate * ratio * r[i];
            }
        }
    }
}

/// <summary>The options of <see cref="Lamb"/>.</summary>
public sealed record LambOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared gradient's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, outside the root. Default 1e-6.</summary>
    public double Epsilon { get; set; } = 1e-6;

    /// <summary>λ, added to the direction as λθ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Whether to climb instead of to descend. Default false.</summary>
    public bool Maximize { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<LambOptions> Table { get; } = new OptionTable<LambOptions>("lamb")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared gradient's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay)
        .Flag("maximize", o => o.Maximize, (o, v) => o.Maximize = v, "climb instead of descend");
}
