using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>x + residual.</summary>
/// <param name="residual">What is added.</param>
/// <param name="rowLength">Elements from one row of <paramref name="residual"/> to the next.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly unsafe struct ResidualEpilogue<T>(T* residual, nint rowLength) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V value, int row, int column)
        where V : struct, ISimdVector<V, T> => value + V.Load(in *residual, (nuint)(row * rowLength + column));
}
