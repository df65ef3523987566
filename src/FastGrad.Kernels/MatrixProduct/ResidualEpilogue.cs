using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>x + residual, with x itself kept where someone else reads it.</summary>
/// <param name="before">Null, or where x goes.</param>
/// <param name="residual">What is added.</param>
/// <param name="rowLength">Elements from one row of <paramref name="before"/> and <paramref name="residual"/> to the next.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly unsafe struct ResidualEpilogue<T>(T* before, T* residual, nint rowLength) : IEpilogue<T>
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
        return value + V.Load(in *residual, at);
    }
}
