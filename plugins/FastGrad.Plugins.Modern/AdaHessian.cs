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

/// <summary>AdaHessian: Adam with v ← β₂v + (1 − β₂)(z∘(Hz))², z random signs; θ ← θ − η(m̂/(v̂^(k/2) + ε) + λθ).</summary>
/// <remarks>
/// Yao et al. 2021, arXiv:2006.00719, algorithm 1. Deviation: no averaging of the curvature over the elements of a kernel. The signs are a
/// function of seed, update, parameter and element.
/// </remarks>
public sealed class AdaHessian : OptimizerDefinition<AdaHessianOptions>
{
    /// <inheritdoc/>
    public override string Name => "adahessian";

    /// <inheritdoc/>
    public override string Source => "Yao et al. 2021, arXiv:2006.00719";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.None;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.All;

    /// <inheritdoc/>
    public override OptimizerNeeds Needs => OptimizerNeeds.HessianVector;

    /// <inheritdoc/>
    public override OptionTable<AdaHessianOptions> Options => AdaHessianOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, AdaHessianOptions> Single(OptimizerConfiguration<AdaHessianOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, AdaHessianOptions> Double(OptimizerConfiguration<AdaHessianOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(AdaHessianOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, AdaHessianOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Direction = 2, Product = 3;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("exp_avg");
            slots.Like("exp_hessian_diag_sq");
            slots.ScratchLike("product");
            slots.ScratchLike("direction");
        }

        public override void Step(in StepContext<T, AdaHessianOptions> step)
        {
            foreach (ParameterState<T, AdaHessianOptions> parameter in step.Parameters)
                RandomSigns.Fill(step.Options.Seed, step.Number, parameter.Index, parameter.Slots[Product]);
            step.HessianVector(directionSlot: Product, productSlot: Direction);
            foreach (ParameterState<T, AdaHessianOptions> parameter in step.Parameters)
            {
                AdaHessianOptions o = parameter.Options;
                step.Apply(default(Times<T>), parameter.Slots[Direction], parameter.Slots[Product]);
                parameter.Slots[Direction].CopyTo(parameter.Slots[Product]);
                step.Apply(Chain<T>.Of(new Curved<T>(o, parameter.StepCount), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)), parameter);
            }
        }
    }

    /// <summary>The third slot holds the estimate of this step.</summary>
    private readonly struct Curved<T>(AdaHessianOptions o, long t) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight1 = T.CreateTruncating(1 - o.Beta1), _weight2 = T.CreateTruncating(1 - o.Beta2), _epsilon = T.CreateTruncating(o.Epsilon);
        private readonly T _correct1 = T.CreateTruncating(1 / BiasCorrection.Of(o.Beta1, t)), _correct2 = T.CreateTruncating(1 / BiasCorrection.Of(o.Beta2, t));
        private readonly T _half = T.CreateTruncating(o.Power / 2);
        private readonly bool _root = o.Power == 1;

        public static int SlotCount => 3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]), curvature = slots[2];
            V square = V.FusedMultiplyAdd(V.Create(_weight2), curvature * curvature - slots[1], slots[1]), corrected = V.Create(_correct2) * square;
            slots[0] = mean;
            slots[1] = square;
            V scale = _root ? V.Sqrt(corrected) : V.Apply(default(Exp<T>), V.Create(_half) * V.Apply(default(Log<T>), corrected));
            return V.Create(_correct1) * mean / (scale + V.Create(_epsilon));
        }
    }

    private sealed class Scalar(AdaHessianOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _m = [.. infos.Select(p => new double[p.Count])], _v = [.. infos.Select(p => new double[p.Count])];
        private readonly int[] _t = new int[infos.Count];
        private long _updates;

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            _updates++;
            double[][] z = [.. parameters.Select((v, p) => v.Select((_, i) => gradients[p] is null ? 0 : RandomSigns.At(o.Seed, _updates, p, i)).ToArray())];
            double[][] product = objective!.HessianVector(z);
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                int t = ++_t[p];
                for (int i = 0; i < g.Length; i++)
                {
                    double curvature = z[p][i] * product[p][i];
                    _m[p][i] = o.Beta1 * _m[p][i] + (1 - o.Beta1) * g[i];
                    _v[p][i] = o.Beta2 * _v[p][i] + (1 - o.Beta2) * curvature * curvature;
                    double scale = Pow<double>.At(Math.Sqrt(_v[p][i] / (1 - Pow<double>.At(o.Beta2, t))), o.Power) + o.Epsilon;
                    parameters[p][i] -= o.LearningRate * (_m[p][i] / (1 - Pow<double>.At(o.Beta1, t)) / scale + o.WeightDecay * parameters[p][i]);
                }
            }
        }
    }
}

/// <summary>The options of <see cref="AdaHessian"/>.</summary>
public sealed record AdaHessianOptions
{
    /// <summary>η, the step size. Default 0.15.</summary>
    public double LearningRate { get; set; } = 0.15;

    /// <summary>β₁, decay of the gradient's average. Default 0.9.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>β₂, decay of the squared curvature's average. Default 0.999.</summary>
    public double Beta2 { get; set; } = 0.999;

    /// <summary>ε, outside the root. Default 1e-4.</summary>
    public double Epsilon { get; set; } = 1e-4;

    /// <summary>k, the power of the curvature. Default 1.</summary>
    public double Power { get; set; } = 1;

    /// <summary>The seed of the signs. Default 0.</summary>
    public long Seed { get; set; }

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<AdaHessianOptions> Table { get; } = new OptionTable<AdaHessianOptions>("adahessian")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the squared curvature's average")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, outside the root")
        .Real("hessian_power", o => o.Power, (o, v) => o.Power = v, OptionRange.Unit, "power k of the curvature")
        .Integer("seed", o => o.Seed, (o, v) => o.Seed = v, new(0, 1L << 53), "seed of the signs")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay);
}
