using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>y = −1, 0 or 1: the sign of x; 0 for ±0 and for NaN.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Sign<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.None;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(
            V.GreaterThan(x, V.Create(T.Zero)),
            V.Create(T.One),
            V.Select(V.LessThan(x, V.Create(T.Zero)), V.Create(T.NegativeOne), V.Create(T.Zero)));

    /// <summary>0, also at the jump.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V residual)
        where V : struct, IArithmetic<V, T> => V.Create(T.Zero);
}
