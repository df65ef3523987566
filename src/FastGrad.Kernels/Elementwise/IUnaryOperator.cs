using System.Numerics;
using System.Runtime.CompilerServices;
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

    /// <summary>Whether the operator has a <see cref="Usual{V}"/> form.</summary>
    static virtual bool HasUsual => false;

    /// <summary>Whether every lane lies where <see cref="Usual{V}"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual bool IsUsual<V>(V x)
        where V : struct, ISimdVector<V, T> => false;

    /// <summary>f(x) by fewer instructions, away from overflow, denormals and NaN: the bits of <see cref="Value{V}"/>.</summary>
    /// <remarks>
    /// Drivers ask once for each vector. A body cannot: what branches in the middle of a larger formula must save registers around the call.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static virtual V Usual<V>(V x)
        where V : struct, ISimdVector<V, T> => x;

    /// <summary>f(x).</summary>
    V Value<V>(V x)
        where V : struct, IArithmetic<V, T>;

    /// <summary>f′, from x or from y as <see cref="Residual"/> says (from x where it says nothing).</summary>
    /// <remarks>Where no form by hand pays, write <c>Dual.Derivative&lt;Self, V, T&gt;(this, x)</c>.</remarks>
    V Derivative<V>(V residual)
        where V : struct, IArithmetic<V, T>;
}
