using System.Numerics;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Tests.Training;

/// <summary>An optimizer that asks its host for everything and writes down the answers.</summary>
internal sealed class Probe : OptimizerDefinition<ProbeOptions>
{
    public double Loss { get; private set; }

    public double LossAfter { get; private set; }

    public double[] Product { get; private set; } = [];

    public double[] GradientAfter { get; private set; } = [];

    public override string Name => "probe";

    public override string Source => "none";

    public override OptimizerTraits Traits => OptimizerTraits.None;

    public override Coupling Coupling => Coupling.All;

    public override OptimizerNeeds Needs => OptimizerNeeds.Loss | OptimizerNeeds.Reevaluate | OptimizerNeeds.HessianVector;

    public override OptionTable<ProbeOptions> Options => ProbeOptions.Table;

    protected override UpdateMethod<float, ProbeOptions> Single(OptimizerConfiguration<ProbeOptions> configuration) => new Method<float>(this);

    protected override UpdateMethod<double, ProbeOptions> Double(OptimizerConfiguration<ProbeOptions> configuration) => new Method<double>(this);

    protected override ReferenceOptimizer Reference(ProbeOptions options, IReadOnlyList<ParameterInfo> parameters) => throw new NotSupportedException();

    private sealed class Method<T>(Probe probe) : UpdateMethod<T, ProbeOptions>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override void Declare(ParameterInfo parameter, SlotSet slots)
        {
            slots.ScratchLike("direction");
            slots.ScratchLike("product");
        }

        public override void Step(in StepContext<T, ProbeOptions> step)
        {
            probe.Loss = step.Loss;
            foreach (ParameterState<T, ProbeOptions> parameter in step.Parameters)
                parameter.Gradient.CopyTo(parameter.Slots[0]);
            step.HessianVector(0, 1);
            List<double> product = [], after = [];
            foreach (ParameterState<T, ProbeOptions> parameter in step.Parameters)
            {
                foreach (T value in parameter.Slots[1])
                    product.Add(double.CreateTruncating(value));
                Span<T> theta = parameter.Value;
                for (int i = 0; i < theta.Length; i++)
                    theta[i] -= T.CreateTruncating(0.1) * parameter.Slots[0][i];
            }
            probe.LossAfter = step.Reevaluate();
            foreach (ParameterState<T, ProbeOptions> parameter in step.Parameters)
            {
                foreach (T value in parameter.Gradient)
                    after.Add(double.CreateTruncating(value));
            }
            (probe.Product, probe.GradientAfter) = ([.. product], [.. after]);
        }
    }
}

internal sealed record ProbeOptions
{
    public static OptionTable<ProbeOptions> Table { get; } = new("probe");
}
