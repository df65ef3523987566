using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Philox;

namespace FastGrad.Initialization;

/// <summary>How a parameter's first values are made: a function of its shape and a stream of random numbers.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IInitializer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Writes the values.</summary>
    /// <param name="destination">The parameter's elements, in row-major order.</param>
    /// <param name="shape">Its shape, outermost axis first.</param>
    /// <param name="stream">The parameter's own random numbers.</param>
    /// <exception cref="ArgumentException">The initializer is not defined for the shape.</exception>
    void Fill(Span<T> destination, Shape shape, PhiloxStream stream);
}
