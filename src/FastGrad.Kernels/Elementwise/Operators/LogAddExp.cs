using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>z = log(eˣ + eʸ).</summary>
/// <remarks>
/// The greater plus log(1 + e^−|x − y|). Error below 3 ulp of max(|x|, |y|, |z|). Infinities of equal sign give themselves.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct LogAddExp<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T>
    {
        V gap = V.Abs(Difference(x, y));
        return V.Max(x, y) + Log1p<T>.Of(Exp<T>.Of(-gap));
    }

    /// <summary>d·σ(x − y); d/2 at a tie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * Sigmoid<T>.Of(Difference(x, y));

    /// <summary>d·σ(y − x); d/2 at a tie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * Sigmoid<T>.Of(Difference(y, x));

    // x − y, and 0 where both are the same infinity.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Difference<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Select(
            V.And(V.Equal(x, y), V.Equal(V.Abs(x), V.Create(T.PositiveInfinity))),
            V.Create(T.Zero),
            x - y);
}
