namespace FastGrad.Analysis.Curvature;

/// <summary>The greatest eigenvalue of a Hessian against 2/η: beyond it gradient descent at rate η oscillates and grows along that direction.</summary>
/// <remarks>On a quadratic the step multiplies the error by 1 − ηλ, of size below 1 exactly for 0 &lt; λ &lt; 2/η. Training at full batch hovers there (Cohen et al. 2021).</remarks>
/// <param name="Largest">The greatest eigenvalue.</param>
/// <param name="Residual">Its residual: an eigenvalue lies within this of it.</param>
/// <param name="LearningRate">η.</param>
public sealed record Sharpness(double Largest, double Residual, double LearningRate)
{
    /// <summary>2/η.</summary>
    public double Threshold => 2 / LearningRate;

    /// <summary>Whether gradient descent at this rate contracts along the sharpest direction.</summary>
    public bool IsStable => Largest < Threshold;

    /// <summary>Measures sharpness.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive.</exception>
    public static Sharpness Of(Objective objective, double learningRate, LanczosOptions? options = null)
    {
        if (!(learningRate > 0))
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, $"learningRate is {learningRate}; expected a positive number.");
        Eigenpair top = HessianSpectrum.Of(objective, options).Top[0];
        return new(top.Value, top.Residual, learningRate);
    }
}
