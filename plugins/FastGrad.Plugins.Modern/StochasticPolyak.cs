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

/// <summary>Stochastic Polyak step: γ = min((f(θ) − f*)/(c‖g‖²), γ_b); θ ← θ − γg, f and g of the batch.</summary>
/// <remarks>
/// Loizou et al. 2021, arXiv:2002.10542, equation SPS_max. With a growth τ &gt; 0 the bound is τ times the previous γ, from the second
/// update on: the smoothing of the authors' code, where τ is 2^(batch/rows).
/// </remarks>
public sealed class StochasticPolyak : OptimizerDefinition<StochasticPolyakOptions>
{
    /// <inheritdoc/>
    public override string Name => "sps";

    /// <inheritdoc/>
    public override string Source => "Loizou et al. 2021, arXiv:2002.10542";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.All;

    /// <inheritdoc/>
    public override OptimizerNeeds Needs => OptimizerNeeds.Loss;

    /// <inheritdoc/>
    public override OptionTable<StochasticPolyakOptions> Options => StochasticPolyakOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, StochasticPolyakOptions> Single(OptimizerConfiguration<StochasticPolyakOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, StochasticPolyakOptions> Double(OptimizerConfiguration<StochasticPolyakOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(StochasticPolyakOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o);

    private sealed class Method<T> : UpdateMethod<T, StochasticPolyakOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
        }

        public override void DeclareShared(SlotSet slots) => slots.AddFloat64("step_size");

        public override void Step(in StepContext<T, StochasticPolyakOptions> step)
        {
            StochasticPolyakOptions o = step.Options;
            ref double previous = ref step.Shared.Float64(0)[0];
            double norm = 0, above = step.Loss - o.Least;
            foreach (ParameterState<T, StochasticPolyakOptions> parameter in step.Parameters)
                norm += double.CreateTruncating(SumOfSquares.Of(parameter.Gradient));
            double rate = norm > 0 && above > 0 ? above / (o.C * norm) : 0, bound = o.LearningRate;
            if (o.Growth > 0 && previous > 0)
                bound = Math.Min(bound, o.Growth * previous);
            previous = Math.Min(rate, bound);
            foreach (ParameterState<T, StochasticPolyakOptions> parameter in step.Parameters)
                step.Apply(new Descend<T>(previous), parameter);
        }
    }

    private sealed class Scalar(StochasticPolyakOptions o) : ReferenceOptimizer
    {
        private double _previous;

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            double norm = gradients.Sum(g => g?.Sum(x => x * x) ?? 0), above = objective!.Loss() - o.Least;
            double rate = norm > 0 && above > 0 ? above / (o.C * norm) : 0;
            rate = Math.Min(rate, o.LearningRate);
            if (o.Growth > 0 && _previous > 0)
                rate = Math.Min(rate, o.Growth * _previous);
            _previous = rate;
            for (int p = 0; p < parameters.Length; p++)
            {
                for (int i = 0; gradients[p] is not null && i < parameters[p].Length; i++)
                    parameters[p][i] -= rate * gradients[p]![i];
            }
        }
    }
}

/// <summary>The options of <see cref="StochasticPolyak"/>.</summary>
public sealed record StochasticPolyakOptions
{
    /// <summary>γ_b, the largest step. Default 1.</summary>
    public double LearningRate { get; set; } = 1;

    /// <summary>c. Default 0.5.</summary>
    public double C { get; set; } = 0.5;

    /// <summary>f*, the least loss of a batch. Default 0.</summary>
    public double Least { get; set; }

    /// <summary>τ, the largest factor from one step to the next; 0 for none. Default 0.</summary>
    public double Growth { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<StochasticPolyakOptions> Table { get; } = new OptionTable<StochasticPolyakOptions>("sps")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "largest step γ_b", OptionMeaning.LearningRate)
        .Real("c", o => o.C, (o, v) => o.C = v, OptionRange.Positive, "c")
        .Real("f_star", o => o.Least, (o, v) => o.Least = v, OptionRange.Finite, "least loss f* of a batch")
        .Real("growth", o => o.Growth, (o, v) => o.Growth = v, OptionRange.NonNegative, "largest factor from one step to the next; 0 for none");
}
