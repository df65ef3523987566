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

/// <summary>
/// Distance over gradients: θ ← θ − ηr/√(Σ‖g‖² + ε)·g, r the largest distance ‖θ − θ₀‖ so far, over all parameters, at first r₀(1 + ‖θ₀‖).
/// </summary>
/// <remarks>
/// Ivgi, Hinder and Carmon 2023, arXiv:2302.12022, equation DoG. η is a factor, best left at 1. The paper's averaged iterate is what the
/// wrapper <c>ema</c> gives.
/// </remarks>
public sealed class DoG : OptimizerDefinition<DoGOptions>
{
    /// <inheritdoc/>
    public override string Name => "dog";

    /// <inheritdoc/>
    public override string Source => "Ivgi, Hinder and Carmon 2023, arXiv:2302.12022";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.All;

    /// <inheritdoc/>
    public override OptionTable<DoGOptions> Options => DoGOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, DoGOptions> Single(OptimizerConfiguration<DoGOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, DoGOptions> Double(OptimizerConfiguration<DoGOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(DoGOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o, parameters);

    private sealed class Method<T> : UpdateMethod<T, DoGOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Start = 0, Distance = 0, Sum = 1;

        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.Like("init_buffer");
            slots.ScratchLike("gradient");
        }

        public override void DeclareShared(SlotSet slots)
        {
            slots.AddFloat64("rbar");
            slots.AddFloat64("G");
        }

        public override void Step(in StepContext<T, DoGOptions> step)
        {
            DoGOptions o = step.Options;
            ref double distance = ref step.Shared.Float64(Distance)[0], sum = ref step.Shared.Float64(Sum)[0];
            double start = 0, moved = 0;
            foreach (ParameterState<T, DoGOptions> parameter in step.Parameters)
            {
                Span<T> working = parameter.Slots[1];
                if (parameter.StepCount == 1)
                    parameter.Value.CopyTo(parameter.Slots[Start]);
                parameter.Value.CopyTo(working);
                step.Apply(new Blend<T>(1, -1), working, parameter.Slots[Start]);
                moved += double.CreateTruncating(SumOfSquares.Of<T>(working));
                start += double.CreateTruncating(SumOfSquares.Of<T>(parameter.Slots[Start]));
                parameter.Value.CopyTo(working);
                step.Apply(new AddDecay<T>(parameter.Options.WeightDecay), working, parameter.Gradient);
                sum += double.CreateTruncating(SumOfSquares.Of<T>(working));
            }
            distance = Math.Max(step.Number == 1 ? o.Radius * (1 + Math.Sqrt(start)) : distance, Math.Sqrt(moved));
            foreach (ParameterState<T, DoGOptions> parameter in step.Parameters)
                step.Apply(new Descend<T>(parameter.Options.LearningRate * distance / Math.Sqrt(sum + o.Epsilon)), parameter.Value, parameter.Slots[1]);
        }
    }

    private sealed class Scalar(DoGOptions o, IReadOnlyList<ParameterInfo> infos) : ReferenceOptimizer
    {
        private readonly double[]?[] _start = new double[]?[infos.Count];
        private double _distance = -1, _sum;

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            double moved = 0, start = 0;
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } g)
                    continue;
                double[] first = _start[p] ??= [.. parameters[p]];
                for (int i = 0; i < g.Length; i++)
                {
                    moved += (parameters[p][i] - first[i]) * (parameters[p][i] - first[i]);
                    start += first[i] * first[i];
                    double u = g[i] + o.WeightDecay * parameters[p][i];
                    _sum += u * u;
                }
            }
            _distance = Math.Max(_distance < 0 ? o.Radius * (1 + Math.Sqrt(start)) : _distance, Math.Sqrt(moved));
            for (int p = 0; p < parameters.Length; p++)
            {
                for (int i = 0; gradients[p] is not null && i < parameters[p].Length; i++)
                    parameters[p][i] -= o.LearningRate * _distance / Math.Sqrt(_sum + o.Epsilon) * (gradients[p]![i] + o.WeightDecay * parameters[p][i]);
            }
        }
    }
}

/// <summary>The options of <see cref="DoG"/>.</summary>
public sealed record DoGOptions
{
    /// <summary>η, the factor of the step. Default 1.</summary>
    public double LearningRate { get; set; } = 1;

    /// <summary>r₀, the first distance relative to 1 + ‖θ₀‖. Default 1e-6.</summary>
    public double Radius { get; set; } = 1e-6;

    /// <summary>ε, inside the root. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>λ, added to the gradient as λθ. Default 0.</summary>
    public double WeightDecay { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<DoGOptions> Table { get; } = new OptionTable<DoGOptions>("dog")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "factor η of the step", OptionMeaning.LearningRate)
        .Real("reps_rel", o => o.Radius, (o, v) => o.Radius = v, OptionRange.Positive, "first distance relative to 1 + ‖θ₀‖")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "ε, inside the root")
        .Real("weight_decay", o => o.WeightDecay, (o, v) => o.WeightDecay = v, OptionRange.NonNegative, "L2 decay λ, added to the gradient", OptionMeaning.Decay);
}
