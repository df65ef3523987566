using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>f(x), or f(x) + residual, with x itself kept where backward wants it.</summary>
internal readonly unsafe struct ActivationEpilogue<TOperator, T>(TOperator activation, T* before, T* residual, nint rowLength) : IEpilogue<T>
    where TOperator : unmanaged, IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V value, int row, int column)
        where V : struct, ISimdVector<V, T>
    {
        nuint at = (nuint)(row * rowLength + column);
        if (before != null)
            V.Store(value, ref *before, at);
        V result = activation.Value(value);
        return residual == null ? result : result + V.Load(in *residual, at);
    }
}
