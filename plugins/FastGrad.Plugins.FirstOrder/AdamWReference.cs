using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>The recurrences of <see cref="AdamW"/> as scalar code, in the paper's order: decay, then Adam without decay.</summary>
internal sealed class AdamWReference(AdamWOptions o, IReadOnlyList<ParameterInfo> parameters) : ReferenceOptimizer
{
    private readonly AdamReference _adam = new(
        new AdamOptions
        {
            LearningRate = o.LearningRate,
            Beta1 = o.Beta1,
            Beta2 = o.Beta2,
            Epsilon = o.Epsilon,
            AmsGrad = o.AmsGrad,
            Maximize = o.Maximize,
        },
        parameters);

    public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
    {
        for (int p = 0; p < parameters.Length; p++)
        {
            if (gradients[p] is null)
                continue;
            for (int i = 0; i < parameters[p].Length; i++)
                parameters[p][i] *= 1 - o.LearningRate * o.WeightDecay;
        }
        _adam.Step(parameters, gradients);
    }
}
