using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>Two values of one type.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Twin<V>(V first, V second)
{
    public readonly V First = first;
    public readonly V Second = second;
}

/// <summary>The terms of two sums that read the same operands, however many: one pass serves both.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface ITwinTerms<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The terms of one vector.</summary>
    /// <param name="row">The matrix row; 0 in a flat sum.</param>
    /// <param name="offset">The first element's offset from the start of matrices of this shape.</param>
    /// <param name="column">The first element's column; in a flat sum the same as <paramref name="offset"/>.</param>
    Twin<V> At<V>(nuint row, nuint offset, nuint column)
        where V : struct, ISimdVector<V, T>;
}
