using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>f(x), or f(x) + residual, with x itself kept where backward wants it.</summary>
/// <param name="activation">The operator f.</param>
/// <param name="before">Null, or where x goes.</param>
/// <param name="residual">Null, or what is added to f(x).</param>
/// <param name="rowLength">Elements from one row of <paramref name="before"/> and <paramref name="residual"/> to the next.</param>
/// <typeparam name="TOperator">The operator's type.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly unsafe struct ActivationEpilogue<TOperator, T>(TOperator activation, T* before, T* residual, nint rowLength) : IEpilogue<T>
    where TOperator : struct, IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V value, int row, int column)
        where V : struct, ISimdVector<V, T>
    {
        nuint at = (nuint)(row * rowLength + column);
        if (before != null)
            V.Store(value, ref *before, at);
        V result = !TOperator.HasUsual ? activation.Value(value) : TOperator.IsUsual(value) ? TOperator.Usual(value) : Rare(activation, value);
        return residual == null ? result : result + V.Load(in *residual, at);
    }

    // Out of line, so that the common path keeps its registers.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static V Rare<V>(TOperator op, V x)
        where V : struct, ISimdVector<V, T> => op.Value(x);
}
