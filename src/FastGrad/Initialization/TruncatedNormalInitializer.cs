using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Philox;

namespace FastGrad.Initialization;

/// <summary>Normal, held within [low, high] by drawing again, whatever the shape.</summary>
/// <remarks>
/// Uniform candidates x are taken with probability e^(−(x² − m²)/2), m being the point nearest to the mean (von Neumann's rejection).
/// Beyond √(m² + 75) standard deviations lies less than one part in 2⁵³, which is left away. Element i's candidates are numbers of its own, so
/// its value does not depend on the others.
/// </remarks>
internal sealed class TruncatedNormalInitializer<T> : IInitializer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _mean, _deviation, _low, _high;

    public TruncatedNormalInitializer(double mean, double deviation, double low, double high)
    {
        if (!double.IsFinite(mean))
            throw new ArgumentOutOfRangeException(nameof(mean), mean, $"The mean is {mean}; expected a finite number.");
        if (!(deviation > 0) || !double.IsFinite(deviation))
            throw new ArgumentOutOfRangeException(nameof(deviation), deviation, $"The standard deviation is {deviation}; expected a finite number above 0.");
        if (!(low < high))
            throw new ArgumentException($"The bounds are {low} and {high}; expected the first below the second.", nameof(high));
        (_mean, _deviation, _low, _high) = (mean, deviation, low, high);
    }

    public void Fill(Span<T> destination, Shape shape, PhiloxStream stream)
    {
        double low = (_low - _mean) / _deviation, high = (_high - _mean) / _deviation;
        double nearest = Math.Clamp(0, low, high), reach = Math.Sqrt(nearest * nearest + 75);
        (low, high) = (Math.Max(low, -reach), Math.Min(high, reach));
        for (int i = 0; i < destination.Length; i++)
        {
            double x, chance;
            ulong draw = (ulong)i;
            do
            {
                x = low + (high - low) * stream.UniformDouble(2 * draw);
                chance = Exp<double>.At((nearest * nearest - x * x) / 2);
                draw += (ulong)destination.Length;
            }
            while (stream.UniformDouble(2 * (draw - (ulong)destination.Length) + 1) >= chance);
            // Rounding to T must not leave the interval.
            destination[i] = T.Clamp(T.CreateTruncating(_mean + _deviation * x), T.CreateTruncating(_low), T.CreateTruncating(_high));
        }
    }
}
