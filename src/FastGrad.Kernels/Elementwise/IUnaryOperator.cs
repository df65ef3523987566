using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise;

/// <summary>y = f(x), element by element: a value and its derivative, each written once for every width and type.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What <see cref="Derivative{V}"/> reads: <see cref="Residual.Input"/>, <see cref="Residual.Output"/> or, if constant, <see cref="Residual.None"/>.</summary>
    static abstract Residual Residual { get; }

    /// <summary>Whether the body is a handful of instructions: drivers then take four vectors at a time. Four copies of a long one would be slow.</summary>
    static virtual bool IsShort => false;

    /// <summary>f(x).</summary>
    V Value<V>(V x)
        where V : struct, IArithmetic<V, T>;

    /// <summary>f′, from x or from y as <see cref="Residual"/> says (from x where it says nothing).</summary>
    /// <remarks>Where no form by hand pays, write <c>Dual.Derivative&lt;Self, V, T&gt;(this, x)</c>.</remarks>
    V Derivative<V>(V residual)
        where V : struct, IArithmetic<V, T>;
}
