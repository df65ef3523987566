using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>z = x &gt; y ? x : y. The second operand where either is NaN or both are equal.</summary>
/// <remarks>
/// <c>V.Max</c> as an operator: the gradient is that of the branch taken. <see cref="Maximum{T}"/> differs: it propagates NaN, and shares
/// the gradient at ties.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct GreaterOf<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Max(x, y);

    /// <summary>d where x &gt; y, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => V.Select(V.GreaterThan(x, y), d, V.Create(T.Zero));

    /// <summary>0 where x &gt; y, else d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => V.Select(V.GreaterThan(x, y), V.Create(T.Zero), d);
}
