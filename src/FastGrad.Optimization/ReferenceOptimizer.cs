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
}

/// <summary>What a reference needs beyond gradients, at the parameters' current values.</summary>
/// <param name="Loss">The loss.</param>
/// <param name="Gradients">The gradients.</param>
/// <param name="HessianVector">The product of the Hessian with a vector.</param>
public sealed record ReferenceObjective(Func<double> Loss, Func<double[][]> Gradients, Func<double[][], double[][]> HessianVector);
