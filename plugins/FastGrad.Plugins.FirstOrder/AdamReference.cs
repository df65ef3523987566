using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Plugins.FirstOrder;

/// <summary>The recurrences of <see cref="Adam"/> as scalar code.</summary>
internal sealed class AdamReference(AdamOptions o, IReadOnlyList<ParameterInfo> parameters) : ReferenceOptimizer
{
    private readonly double[][] _m = [.. parameters.Select(p => new double[p.Count])];
    private readonly double[][] _v = [.. parameters.Select(p => new double[p.Count])];
    private readonly double[][] _largest = [.. parameters.Select(p => new double[p.Count])];
    private readonly double[] _power1 = [.. parameters.Select(_ => 1.0)];
    private readonly double[] _power2 = [.. parameters.Select(_ => 1.0)];

    public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
    {
        for (int p = 0; p < parameters.Length; p++)
        {
            if (gradients[p] is not { } gradient)
                continue;
            double[] theta = parameters[p];
            _power1[p] *= o.Beta1;
            _power2[p] *= o.Beta2;
            for (int i = 0; i < theta.Length; i++)
            {
                double g = (o.Maximize ? -gradient[i] : gradient[i]) + (o.DecoupledDecay ? 0 : o.WeightDecay * theta[i]);
                _m[p][i] = o.Beta1 * _m[p][i] + (1 - o.Beta1) * g;
                _v[p][i] = o.Beta2 * _v[p][i] + (1 - o.Beta2) * g * g;
                _largest[p][i] = Math.Max(_largest[p][i], _v[p][i]);
                double mean = _m[p][i] / (1 - _power1[p]);
                double square = (o.AmsGrad ? _largest[p][i] : _v[p][i]) / (1 - _power2[p]);
                if (o.DecoupledDecay)
                    theta[i] *= 1 - o.LearningRate * o.WeightDecay;
                theta[i] -= o.LearningRate * mean / (Math.Sqrt(square) + o.Epsilon);
            }
        }
    }
}
