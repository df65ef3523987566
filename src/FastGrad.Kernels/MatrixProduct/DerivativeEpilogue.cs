using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>x·f′: the gradient of an activation's input, in the product that computes the gradient x of its output.</summary>
/// <param name="activation">The operator f.</param>
/// <param name="kept">What f′ is computed from, f's inputs or outputs as it says; null where it reads nothing.</param>
/// <param name="rowLength">Elements from one row of <paramref name="kept"/> to the next.</param>
/// <typeparam name="TOperator">The operator's type.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly unsafe struct DerivativeEpilogue<TOperator, T>(TOperator activation, T* kept, nint rowLength) : IEpilogue<T>
    where TOperator : struct, IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V value, int row, int column)
        where V : struct, ISimdVector<V, T>
    {
        V residual = TOperator.Residual == Residual.None ? default : V.Load(in *kept, (nuint)(row * rowLength + column));
        V derivative = activation.Derivative(residual);
        return value * derivative;
    }
}
