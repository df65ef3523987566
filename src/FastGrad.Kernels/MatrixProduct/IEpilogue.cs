using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.MatrixProduct;

/// <summary>What becomes of an element of C once its chain, and its bias, are complete: done while the tile is in the L1 cache.</summary>
/// <remarks>Each element is seen once, in no promised order, and by several threads; the bits are those of the operators after the product.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The elements to store in C at <paramref name="row"/> and the columns from <paramref name="column"/> on, from those of the product. It may read and write
    /// operands of its own at the same place.
    /// </summary>
    V Apply<V>(V value, int row, int column)
        where V : struct, ISimdVector<V, T>;
}
