using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>ℓ = f(x − y): a loss of the error x − y, for a unary operator f that reads its input.</summary>
/// <remarks>Convex in x and in y wherever f is convex, with the same curvature.</remarks>
/// <param name="op">The operator f.</param>
/// <typeparam name="TOperator">The operator's type.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct OfDifference<TOperator, T>(TOperator op) : IBinaryOperator<T>
    where TOperator : struct, IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TOperator _op = op;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => _op.Value(x - y);

    /// <summary>d·f′(x − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * _op.Derivative(x - y);

    /// <summary>−d·f′(x − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => -(d * _op.Derivative(x - y));
}
