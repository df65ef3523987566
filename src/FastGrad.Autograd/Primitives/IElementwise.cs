using System.Numerics;

namespace FastGrad.Autograd.Primitives;

/// <summary>An elementwise primitive's kernels on any piece of its operands: all spans of one length, or of one element for all.</summary>
internal interface IElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>w = f(x, y, z); those that f has not are empty.</summary>
    void Forward(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> w);

    /// <summary>d of input = or += ∂f · dw; what the derivative does not keep is empty.</summary>
    void Backward(int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> w, ReadOnlySpan<T> dw, Span<T> d, bool accumulate);
}
