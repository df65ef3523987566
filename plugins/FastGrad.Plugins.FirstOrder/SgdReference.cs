using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>The recurrences of <see cref="Sgd"/> as scalar code.</summary>
internal sealed class SgdReference(SgdOptions o, IReadOnlyList<ParameterInfo> parameters) : ReferenceOptimizer
{
    private readonly double[]?[] _buffers = new double[]?[parameters.Count];

    public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
    {
        for (int p = 0; p < parameters.Length; p++)
        {
            if (gradients[p] is not { } gradient)
                continue;
            double[] theta = parameters[p];
            bool first = _buffers[p] is null;
            double[] buffer = _buffers[p] ??= new double[theta.Length];
            for (int i = 0; i < theta.Length; i++)
            {
                double g = o.Maximize ? -gradient[i] : gradient[i];
                if (o.WeightDecay != 0)
                    g += o.WeightDecay * theta[i];
                if (o.Momentum != 0)
                {
                    buffer[i] = first ? g : o.Momentum * buffer[i] + (1 - o.Dampening) * g;
                    g = o.Nesterov ? g + o.Momentum * buffer[i] : buffer[i];
                }
                theta[i] -= o.LearningRate * g;
            }
        }
    }
}
