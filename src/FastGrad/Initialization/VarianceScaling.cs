using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Philox;

namespace FastGrad.Initialization;

/// <summary>Zero mean and variance gain²/fan, uniform or normal: the common form of Xavier's, He's and LeCun's initializations.</summary>
/// <remarks>Uniform on [−b, b) with b = gain·√(3/fan), or normal with standard deviation gain/√fan, not truncated.</remarks>
/// <param name="gain">The factor on the standard deviation, finite and positive; see <see cref="Gain"/>.</param>
/// <param name="mode">Which fan.</param>
/// <param name="normal">Whether normal instead of uniform.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class VarianceScaling<T>(double gain, FanMode mode, bool normal) : IInitializer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _gain = double.IsFinite(gain) && gain > 0
        ? gain
        : throw new ArgumentOutOfRangeException(nameof(gain), gain, "A gain is a finite positive number.");

    /// <summary>The standard deviation of the values of a weight of this shape.</summary>
    /// <exception cref="ArgumentException">The shape has fewer than two axes, or no elements.</exception>
    public double Deviation(Shape shape)
    {
        Fan fan = Fan.Of(shape);
        return _gain / Math.Sqrt(mode switch
        {
            FanMode.In => fan.In,
            FanMode.Out => fan.Out,
            _ => ((double)fan.In + fan.Out) / 2,
        });
    }

    /// <inheritdoc/>
    public void Fill(Span<T> destination, Shape shape, PhiloxStream stream)
    {
        double deviation = Deviation(shape);
        if (normal)
        {
            stream.FillNormal(destination, T.Zero, T.CreateTruncating(deviation));
            return;
        }
        T bound = T.CreateTruncating(Math.Sqrt(3) * deviation);
        stream.FillUniform(destination, -bound, bound);
    }
}
