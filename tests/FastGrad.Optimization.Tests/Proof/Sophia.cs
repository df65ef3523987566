using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;
using FastGrad.Testing.Conformance;

namespace FastGrad.Optimization.Tests.Proof;

public sealed record SophiaOptions
{
    public double LearningRate { get; set; } = 0.02;

    public double Beta1 { get; set; } = 0.96;

    public double Beta2 { get; set; } = 0.9;

    public double Gamma { get; set; } = 0.5;

    public double Epsilon { get; set; } = 1e-3;

    public double WeightDecay { get; set; } = 0.1;

    public long Every { get; set; } = 3;

    public static OptionTable<SophiaOptions> Table { get; } = new OptionTable<SophiaOptions>("sophia")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size", OptionMeaning.LearningRate)
        .Real("beta1", o => o.Beta1, (o, v) => o.Beta1 = v, OptionRange.Fraction, "decay of the gradient's average")
        .Real("beta2", o => o.Beta2, (o, v) => o.Beta2 = v, OptionRange.Fraction, "decay of the curvature's average")
        .Real("gamma", o => o.Gamma, (o, v) => o.Gamma = v, OptionRange.Positive, "scale of the curvature")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.Positive, "least curvature")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "decoupled decay", OptionMeaning.Decay)
        .Integer("every", o => o.Every, (o, v) => o.Every = v, new(1, 1e9), "steps between two estimates of the curvature");
}

/// <summary>
/// Liu et al. 2023, arXiv:2305.14342, algorithm 3 with Hutchinson's estimator (algorithm 1): needs a Hessian-vector product every few steps.
/// </summary>
public sealed class Sophia : OptimizerDefinition<SophiaOptions>
{
    public override string Name => "sophia";

    public override string Source => "Liu et al. 2023, arXiv:2305.14342";

    public override OptimizerTraits Traits => OptimizerTraits.None;

    public override Coupling Coupling => Coupling.All;

    public override OptimizerNeeds Needs => OptimizerNeeds.HessianVector;

    public override OptionTable<SophiaOptions> Options => SophiaOptions.Table;

    protected override UpdateMethod<float, SophiaOptions> Single(OptimizerConfiguration<SophiaOptions> configuration) => new Method<float>();

    protected override UpdateMethod<double, SophiaOptions> Double(OptimizerConfiguration<SophiaOptions> configuration) => new Method<double>();

    protected override ReferenceOptimizer Reference(SophiaOptions options, IReadOnlyList<ParameterInfo> parameters) => new Scalar(options, parameters);

    /// <summary>The random signs are an input of the algorithm, a function of step, parameter and element: both sides use the same.</summary>
    private static double Sign(long step, int parameter, int element) =>
        TestProblem.Uniform(77, (ulong)step, (ulong)((parameter * 1_000_000) + element)) < 0 ? -1 : 1;

    private sealed class Method<T> : UpdateMethod<T, SophiaOptions>
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

        public override void Step(in StepContext<T, SophiaOptions> step)
        {
            SophiaOptions o = step.Options;
            if ((step.Number - 1) % o.Every == 0)
            {
                foreach (ParameterState<T, SophiaOptions> parameter in step.Parameters)
                {
                    Span<T> direction = parameter.Slots[Direction];
                    for (int i = 0; i < direction.Length; i++)
                        direction[i] = T.CreateTruncating(Sign(step.Number, parameter.Index, i));
                }
                step.HessianVector(Direction, Product);
                foreach (ParameterState<T, SophiaOptions> parameter in step.Parameters)
                {
                    Span<T> curvature = parameter.Slots[Curvature], direction = parameter.Slots[Direction], product = parameter.Slots[Product];
                    for (int i = 0; i < curvature.Length; i++)
                        curvature[i] = T.CreateTruncating(o.Beta2) * curvature[i] + T.CreateTruncating(1 - o.Beta2) * direction[i] * product[i];
                }
            }
            foreach (ParameterState<T, SophiaOptions> parameter in step.Parameters)
                step.Apply(Chain<T>.Of(new Clipped<T>(o), new AddDecay<T>(o.WeightDecay), new Descend<T>(o.LearningRate)), parameter);
        }
    }

    private readonly struct Clipped<T>(SophiaOptions o) : IUpdateRule<T>
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

    private sealed class Scalar(SophiaOptions o, IReadOnlyList<ParameterInfo> parameters) : ReferenceOptimizer
    {
        private readonly double[][] _m = [.. parameters.Select(p => new double[p.Count])];
        private readonly double[][] _h = [.. parameters.Select(p => new double[p.Count])];
        private long _t;

        public override void Step(double[][] x, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            if (_t++ % o.Every == 0)
            {
                double[][] u = [.. x.Select((v, p) => v.Select((_, i) => gradients[p] is null ? 0 : Sign(_t, p, i)).ToArray())];
                double[][] hu = objective!.HessianVector(u);
                for (int p = 0; p < x.Length; p++)
                {
                    for (int i = 0; gradients[p] is not null && i < x[p].Length; i++)
                        _h[p][i] = o.Beta2 * _h[p][i] + (1 - o.Beta2) * u[p][i] * hu[p][i];
                }
            }
            for (int p = 0; p < x.Length; p++)
            {
                for (int i = 0; gradients[p] is not null && i < x[p].Length; i++)
                {
                    _m[p][i] = o.Beta1 * _m[p][i] + (1 - o.Beta1) * gradients[p]![i];
                    x[p][i] *= 1 - o.LearningRate * o.WeightDecay;
                    x[p][i] -= o.LearningRate * Math.Clamp(_m[p][i] / Math.Max(o.Gamma * _h[p][i], o.Epsilon), -1, 1);
                }
            }
        }
    }
}
