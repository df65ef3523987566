using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>z = the greater of x and y; NaN where either is NaN.</summary>
/// <remarks>
/// As torch.maximum: at a tie each side takes half of the gradient; where either is NaN, both take all of it.
/// Of zeros with different signs the result is y. <see cref="GreaterOf{T}"/> is the selection that operators' bodies use.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Maximum<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Select(V.Equal(x, x), V.Max(x, y), x);

    /// <summary>d where x is the greater, d/2 at a tie, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => Extremum.Share<V, T>(V.LessThan(x, y), V.Equal(x, y), d);

    /// <summary>d where y is the greater, d/2 at a tie, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => Extremum.Share<V, T>(V.GreaterThan(x, y), V.Equal(x, y), d);
}
