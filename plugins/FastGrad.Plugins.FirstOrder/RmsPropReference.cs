using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>The recurrences of <see cref="RmsProp"/> as scalar code.</summary>
internal sealed class RmsPropReference(RmsPropOptions o, IReadOnlyList<ParameterInfo> parameters) : ReferenceOptimizer
{
    private readonly double[][] _square = [.. parameters.Select(p => new double[p.Count])];
    private readonly double[][] _mean = [.. parameters.Select(p => new double[p.Count])];
    private readonly double[][] _buffer = [.. parameters.Select(p => new double[p.Count])];

    public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
    {
        for (int p = 0; p < parameters.Length; p++)
        {
            if (gradients[p] is not { } gradient)
                continue;
            double[] theta = parameters[p];
            for (int i = 0; i < theta.Length; i++)
            {
                double g = (o.Maximize ? -gradient[i] : gradient[i]) + o.WeightDecay * theta[i];
                _square[p][i] = o.Alpha * _square[p][i] + (1 - o.Alpha) * g * g;
                _mean[p][i] = o.Alpha * _mean[p][i] + (1 - o.Alpha) * g;
                double variance = o.Centered ? Math.Max(0, _square[p][i] - _mean[p][i] * _mean[p][i]) : _square[p][i];
                _buffer[p][i] = o.Momentum * _buffer[p][i] + g / (Math.Sqrt(variance) + o.Epsilon);
                theta[i] -= o.LearningRate * _buffer[p][i];
            }
        }
    }
}
