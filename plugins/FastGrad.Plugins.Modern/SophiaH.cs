using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.Modern;

/// <summary>Sophia-H: h ← β₂h + (1 − β₂)·z∘(Hz) every k updates, z random signs; m ← β₁m + (1 − β₁)g; θ ← θ − η(clip(m/max(γh, ε), 1) + λθ).</summary>
/// <remarks>
/// Liu et al. 2023, arXiv:2305.14342, algorithm 3 with Hutchinson's estimator (algorithm 1). The signs are a function of seed, update,
/// parameter and element.
/// </remarks>
public sealed class SophiaH : OptimizerDefinition<SophiaHOptions>
{
    /// <inheritdoc/>
    public override string Name => "sophia-h";

    /// <inheritdoc/>
    public override string Source => "Liu et al. 2023, arXiv:2305.14342";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.None;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.All;

    /// <inheritdoc/>
    public override OptimizerNeeds Needs => OptimizerNeeds.HessianVector;

    /// <inheritdoc/>
    public override OptionTable<SophiaHOptions> Options => SophiaHOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, SophiaHOptions> Single(OptimizerConfiguration<SophiaHOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, SophiaHOptions> Double(OptimizerConfiguration<SophiaHOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(SophiaHOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, SophiaHOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Curvature = 1, Direction = 2, Product = 3;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("exp_avg");
            slots.Like("hessian");
            slots.ScratchLike("direction");
            slots.ScratchLike("product");
        }

        public override void Step(in StepContext<T, SophiaHOptions> step)
        {
            SophiaHOptions o = step.Options;
            if ((step.Number - 1) % o.Every == 0)
            {
                foreach (ParameterState<T, SophiaHOptions> parameter in step.Parameters)
                    RandomSigns.Fill(o.Seed, step.Number, parameter.Index, parameter.Slots[Direction]);
                step.HessianVector(Direction, Product);
                foreach (ParameterState<T, SophiaHOptions> parameter in step.Parameters)
                {
                    step.Apply(default(Times<T>), parameter.Slots[Product], parameter.Slots[Direction]);
                    step.Apply(new Blend<T>(o.Beta2, 1 - o.Beta2), parameter.Slots[Curvature], parameter.Slots[Product]);
                }
            }
            foreach (ParameterState<T, SophiaHOptions> parameter in step.Parameters)
            {
                SophiaHOptions own = parameter.Options;
                step.Apply(Chain<T>.Of(new Clipped<T>(own), new AddDecay<T>(own.WeightDecay), new Descend<T>(own.LearningRate)), parameter);
            }
        }
    }

    private readonly struct Clipped<T>(SophiaHOptions o) : IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _weight = T.CreateTruncating(1 - o.Beta1), _gamma = T.CreateTruncating(o.Gamma), _epsilon = T.CreateTruncating(o.Epsilon);

        public static int SlotCount => 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
            where V : struct, ISimdVector<V, T>
        {
            V mean = V.FusedMultiplyAdd(V.Create(_weight), update - slots[0], slots[0]), one = V.Create(T.One);
            slots[0] = mean;
            return V.Min(one, V.Max(-one, mean / V.Max(V.Create(_epsilon), V.Create(_gamma) * slots[1])));
        }
    }

    private sealed class Scalar(SophiaHOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[][] _m = [.. infos.Select(p => new double[p.Count])], _h = [.. infos.Select(p => new double[p.Count])];
        private long _t;

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            if (_t++ % o.Every == 0)
            {
                double[][] z = [.. parameters.Select((v, p) => v.Select((_, i) => gradients[p] is null ? 0 : RandomSigns.At(o.Seed, _t, p, i)).ToArray())];
                double[][] product = objective!.HessianVector(z);
                for (int p = 0; p < parameters.Length; p++)
                {
                    for (int i = 0; gradients[p] is not null && i < parameters[p].Length; i++)
                        _h[p][i] = o.Beta2 * _h[p][i] + (1 - o.Beta2) * z[p][i] * product[p][i];
                }
            }
            for (int p = 0; p < parameters.Length; p++)
            {
                for (int i = 0; gradients[p] is not null && i < parameters[p].Length; i++)
                {
                    _m[p][i] = o.Beta1 * _m[p][i] + (1 - o.Beta1) * gradients[p]![i];
                    parameters[p][i] -= o.LearningRate * (Math.Clamp(_m[p][i] / Math.Max(o.Gamma * _h[p][i], o.Epsilon), -1, 1) + o.WeightDecay * parameters[p][i]);
                }
            }
        }
    }
}

/// <summary>The options of <see cref="SophiaH"/>.</summary>
public sealed record SophiaHOptions
{
    /// <summary>η, the step size. Default 1e-3.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>β₁, decay of the gradient's average. Default 0.96.</summary>
    public double Beta1 { get; set; } = 0.96;

    /// <summary>β₂, decay of the curvature's average. Default 0.99.</summary>
    public double Beta2 { get; set; } = 0.99;

    /// <summary>γ, the scale of the curvature. Default 0.01.</summary>
    public double Gamma { get; set; } = 0.01;

    /// <summary>ε, the least curvature. Default 1e-12.</summary>
    public double Epsilon { get; set; } = 1e-12;

    /// <summary>k, the updates between two estimates. Default 10.</summary>
    public long Every { get; set; } = 10;

    /// <summary>The seed of the signs. Default 0.</summary>
    public long Seed { get; set; }

    /// <summary>λ: each step multiplies θ by 1 − ηλ. Default 0.1.</summary>
    public double WeightDecay { get; set; } = 0.1;

    /// <summary>The option table.</summary>
    public static OptionTable<SophiaHOptions> Table { get; } = new OptionTable<SophiaHOptions>("sophia-h")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size η", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay β₁ of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay β₂ of the curvature's average")
        .Real("gamma", o => o.Gamma, (o, v) => o.Gamma = v, OptionRange.Positive, "scale γ of the curvature")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.Positive, "least curvature")
        .Integer("every", o => o.Every, (o, v) => o.Every = v, new(1, 1e9), "updates between two estimates of the curvature")
        .Integer("seed", o => o.Seed, (o, v) => o.Seed = v, new(0, 1L << 53), "seed of the signs")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay λ, times η", OptionMeaning.Decay);
}
