namespace FastGrad.Optimization.Rules;

/// <summary>1 − βᵗ: what an average of t terms that began at zero is to be divided by (Kingma and Ba 2015, arXiv:1412.6980, section 3).</summary>
/// <remarks>
/// A function of β and t alone, so that a resumed run has the bits of an uninterrupted one, also where a schedule moves β. Repeated
/// squaring in binary64 rounds βᵗ by at most t·βᵗ·2⁻⁵³, which never exceeds 2⁻⁵³/(e·ln(1/β)): 4.1e-14 for β = 0.999. A power within
/// an ulp takes several times as long, twice a step, which shows for a thousand parameters.
/// </remarks>
public static class BiasCorrection
{
    /// <summary>1 − βᵗ in binary64.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public static double Of(double beta, long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        double power = 1;
        for (; step > 0; step >>= 1, beta *= beta)
        {
            if ((step & 1) != 0)
                power *= beta;
        }
        return 1 - power;
    }
}
