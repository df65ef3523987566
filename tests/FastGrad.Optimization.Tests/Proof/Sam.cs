using System.Numerics;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization.Tests.Proof;

public sealed record SamOptions
{
    public double LearningRate { get; set; } = 0.05;

    public double Radius { get; set; } = 0.1;

    public static OptionTable<SamOptions> Table { get; } = new OptionTable<SamOptions>("sam")
        .Real("lr", o => o.LearningRate, (o, v) => o.LearningRate = v, OptionRange.NonNegative, "step size", OptionMeaning.LearningRate)
        .Real("rho", o => o.Radius, (o, v) => o.Radius = v, OptionRange.NonNegative, "radius of the ascent");
}

/// <summary>
/// Foret et al. 2021, arXiv:2010.01412, algorithm 1 over plain descent: the gradient at θ + ρg/‖g‖. Needs a second pass, which the training
/// step supplies as re-evaluation.
/// </summary>
public sealed class Sam : OptimizerDefinition<SamOptions>
{
    public override string Name => "sam";

    public override string Source => "Foret et al. 2021, arXiv:2010.01412";

    public override OptimizerTraits Traits => OptimizerTraits.None;

    public override Coupling Coupling => Coupling.All;

    public override OptimizerNeeds Needs => OptimizerNeeds.Reevaluate;

    public override OptionTable<SamOptions> Options => SamOptions.Table;

    protected override UpdateMethod<float, SamOptions> Single(OptimizerConfiguration<SamOptions> configuration) => new Method<float>();

    protected override UpdateMethod<double, SamOptions> Double(OptimizerConfiguration<SamOptions> configuration) => new Method<double>();

    protected override ReferenceOptimizer Reference(SamOptions options, IReadOnlyList<ParameterInfo> parameters) => new Scalar(options);

    private sealed class Method<T> : UpdateMethod<T, SamOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Declare(ParameterInfo parameter, SlotSet slots) => slots.ScratchLike("before");

        public override void Step(in StepContext<T, SamOptions> step)
        {
            double sum = 0;
            foreach (ParameterState<T, SamOptions> parameter in step.Parameters)
            {
                foreach (T g in parameter.Gradient)
                    sum += double.CreateTruncating(g) * double.CreateTruncating(g);
                parameter.Value.CopyTo(parameter.Slots[0]);
            }
            foreach (ParameterState<T, SamOptions> parameter in step.Parameters)
                step.Apply(new Descend<T>(-step.Options.Radius / Math.Sqrt(sum)), parameter);
            step.Reevaluate();
            foreach (ParameterState<T, SamOptions> parameter in step.Parameters)
            {
                parameter.Slots[0].CopyTo(parameter.Value);
                step.Apply(new Descend<T>(parameter.Options.LearningRate), parameter);
            }
        }
    }

    private sealed class Scalar(SamOptions o) : ReferenceOptimizer
    {
        public override void Step(double[][] x, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            double norm = Math.Sqrt(gradients.Sum(g => g?.Sum(v => v * v) ?? 0));
            double[][] before = [.. x.Select(v => v.ToArray())];
            for (int p = 0; p < x.Length; p++)
            {
                for (int i = 0; gradients[p] is not null && i < x[p].Length; i++)
                    x[p][i] += o.Radius * gradients[p]![i] / norm;
            }
            double[][] above = objective!.Gradients();
            for (int p = 0; p < x.Length; p++)
            {
                for (int i = 0; i < x[p].Length; i++)
                    x[p][i] = before[p][i] - (gradients[p] is null ? 0 : o.LearningRate * above[p][i]);
            }
        }
    }
}
