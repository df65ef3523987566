using FastGrad.Kernels.Philox;

namespace FastGrad.Analysis.Curvature;

/// <summary>tr H by Hutchinson's estimate: the mean of zᵀHz over random signs z.</summary>
/// <remarks>Hutchinson 1990. Each sample's variance is 2·Σ_{i≠j} h²ᵢⱼ: a diagonal Hessian's trace is exact.</remarks>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">The samples' deviation by √samples; NaN for one sample.</param>
/// <param name="Samples">The number of products.</param>
public sealed record HessianTrace(double Value, double StandardError, int Samples)
{
    /// <summary>Estimates the trace.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no samples.</exception>
    public static HessianTrace Of(Objective objective, int samples = 32, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        double mean = 0, squares = 0;
        for (int s = 0; s < samples; s++)
        {
            double[] z = Signs(objective.Count, seed, s);
            double sample = Vectors.Dot(z, objective.HessianTimes(z)), away = sample - mean;
            mean += away / (s + 1);
            squares += away * (sample - mean);
        }
        return new(mean, samples == 1 ? double.NaN : Math.Sqrt(squares / (samples - 1) / samples), samples);
    }

    /// <summary>A vector of −1 and 1, the same for the same seed and sample.</summary>
    internal static double[] Signs(int count, ulong seed, int sample)
    {
        PhiloxStream random = new(seed, (ulong)sample + 1);
        double[] z = new double[count];
        for (int i = 0; i < count; i++)
            z[i] = (random.UInt32((ulong)i / 32) >> (i % 32) & 1) == 0 ? -1 : 1;
        return z;
    }
}
