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

/// <summary>Polyak's step: θ ← θ − η(f(θ) − f*)/‖g‖²·g, over all parameters; f* the least loss, known or guessed.</summary>
/// <remarks>
/// Polyak 1969, USSR Comput. Math. Math. Phys. 9(3); Hazan and Kakade 2019, arXiv:1905.00313. Where f is not above f* or g is zero nothing
/// moves. For full batches.
/// </remarks>
public sealed class Polyak : OptimizerDefinition<PolyakOptions>
{
    /// <inheritdoc/>
    public override string Name => "polyak";

    /// <inheritdoc/>
    public override string Source => "Polyak 1969, USSR Comput. Math. Math. Phys. 9(3)";

    /// <inheritdoc/>
    public override OptimizerTraits Traits => OptimizerTraits.NoAllocation;

    /// <inheritdoc/>
    public override Coupling Coupling => Coupling.All;

    /// <inheritdoc/>
    public override OptimizerNeeds Needs => OptimizerNeeds.Loss;

    /// <inheritdoc/>
    public override OptionTable<PolyakOptions> Options => PolyakOptions.Table;

    /// <inheritdoc/>
    protected override UpdateMethod<float, PolyakOptions> Single(OptimizerConfiguration<PolyakOptions> configuration) => new Method<float>();

    /// <inheritdoc/>
    protected override UpdateMethod<double, PolyakOptions> Double(OptimizerConfiguration<PolyakOptions> configuration) => new Method<double>();

    /// <inheritdoc/>
    protected override ReferenceOptimizer Reference(PolyakOptions o, IReadOnlyList<ParameterInfo> parameters) =>
        new Scalar(o);

    private sealed class Method<T> : UpdateMethod<T, PolyakOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
        }

        public override void Step(in StepContext<T, PolyakOptions> step)
        {
            PolyakOptions o = step.Options;
            double norm = 0, above = step.Loss - o.Least;
            foreach (ParameterState<T, PolyakOptions> parameter in step.Parameters)
                norm += double.CreateTruncating(SumOfSquares.Of(parameter.Gradient));
            double rate = norm > 0 && above > 0 ? above / norm : 0;
            if (o.Largest > 0)
                rate = Math.Min(rate, o.Largest);
            foreach (ParameterState<T, PolyakOptions> parameter in step.Parameters)
                step.Apply(new Descend<T>(parameter.Options.LearningRate * rate), parameter);
        }
    }

    private sealed class Scalar(PolyakOptions o) : ReferenceOptimizer
    {
        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            double norm = gradients.Sum(g => g?.Sum(x => x * x) ?? 0), above = objective!.Loss() - o.Least;
            double rate = norm > 0 && above > 0 ? above / norm : 0;
            if (o.Largest > 0)
                rate = Math.Min(rate, o.Largest);
            for (int p = 0; p < parameters.Length; p++)
            {
                for (int i = 0; gradients[p] is not null && i < parameters[p].Length; i++)
                    parameters[p][i] -= o.LearningRate * rate * gradients[p]![i];
            }
        }
    }
}

/// <summary>The options of <see cref="Polyak"/>.</summary>
public sealed record PolyakOptions
{
    /// <summary>η, the factor of the step. Default 1.</summary>
    public double LearningRate { get; set; } = 1;

    /// <summary>f*, the least loss. Default 0.</summary>
    public double Least { get; set; }

    /// <summary>The largest step; 0 for no bound. Default 0.</summary>
    public double Largest { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<PolyakOptions> Table { get; } = new OptionTable<PolyakOptions>("polyak")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "factor η of the step", OptionMeaning.LearningRate)
        .Real("f_star", o => o.Least, (o, v) => o.Least = v, OptionRange.Finite, "least loss f*")
        .Real("max_step", o => o.Largest, (o, v) => o.Largest = v, OptionRange.NonNegative, "largest step; 0 for no bound");
}
