using FastGrad.Kernels.Functions;

namespace FastGrad.Optimization.Rules;

/// <summary>1 − βᵗ: what an average of t terms that began at zero is to be divided by (Kingma and Ba 2015, arXiv:1412.6980, section 3).</summary>
/// <remarks>A function of β and t alone, so that a resumed run has the bits of an uninterrupted one, also where a schedule moves β.</remarks>
public static class BiasCorrection
{
    /// <summary>1 − βᵗ in binary64, the power within 0.7 ulp.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public static double Of(double beta, long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return 1 - Pow<double>.At(beta, step);
    }
}
