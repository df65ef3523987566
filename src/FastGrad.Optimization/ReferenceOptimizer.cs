using FastGrad.Optimization.Parameters;

namespace FastGrad.Optimization;

/// <summary>An optimizer as plain scalar code in binary64, written from its paper: slow, obvious, and what the fast one is tested against.</summary>
public abstract class ReferenceOptimizer
{
    /// <summary>One step.</summary>
    /// <param name="parameters">The parameters in order, row-major; changed in place.</param>
    /// <param name="gradients">Their gradients; null where absent.</param>
    /// <param name="objective">What the optimizer needs beyond gradients.</param>
    public abstract void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null);

    /// <summary>The weights to evaluate: by default the parameters.</summary>
    public virtual double[][] EvaluationWeights(double[][] parameters) => parameters;

    /// <summary>The reference of an elementwise optimizer, from one element's step; parameters without a gradient stand still.</summary>
    /// <param name="parameters">The parameters' descriptions.</param>
    /// <param name="slots">How many numbers of state an element has.</param>
    /// <param name="update">One element's step.</param>
    public static ReferenceOptimizer Elementwise(IReadOnlyList<ParameterInfo> parameters, int slots, ElementUpdate update)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(update);
        return new ElementwiseReference(parameters, slots, update);
    }

    private sealed class ElementwiseReference(IReadOnlyList<ParameterInfo> infos, int slots, ElementUpdate update) : ReferenceOptimizer
    {
        private readonly double[][] _state = [.. infos.Select(p => new double[p.Count * slots])];
        private readonly long[] _steps = new long[infos.Count];

        public override void Step(double[][] parameters, double[]?[] gradients, ReferenceObjective? objective = null)
        {
            for (int p = 0; p < parameters.Length; p++)
            {
                if (gradients[p] is not { } gradient)
                    continue;
                _steps[p]++;
                for (int i = 0; i < gradient.Length; i++)
                    parameters[p][i] = update(parameters[p][i], gradient[i], _state[p].AsSpan(i * slots, slots), _steps[p]);
            }
        }
    }
}

/// <summary>What a reference needs beyond gradients, at the parameters' current values.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Gradients">The gradients.</param>
/// <param name="HessianVector">The product of the Hessian with a vector.</param>
public sealed record ReferenceObjective(Func<double> Loss, Func<double[][]> Gradients, Func<double[][], double[][]> HessianVector);
