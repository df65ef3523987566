using System.Numerics;

namespace FastGrad.Autograd.Primitives;

/// <summary>An operation that computes element i of its result from elements i of its operands, and from single ones.</summary>
/// <remarks>Programs run its kernels on pieces of the operands, all spans of one length or of one element for all, so that chains stay in the first cache.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class ElementwisePrimitive<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected ElementwisePrimitive()
    {
    }

    /// <summary>w = f(x, y, z); those that f has not are empty.</summary>
    internal abstract void Forward(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> w);

    /// <summary>d of input = or += ∂f · dw; what the derivative does not keep is empty.</summary>
    internal abstract void Backward(int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> w, ReadOnlySpan<T> dw, Span<T> d, bool accumulate);

    /// <summary>The same on whole operands, on the calling thread.</summary>
    internal abstract void Backward(in ElementGradient<T> at);

    internal sealed override bool ReadsInputsOnly => true;
}
