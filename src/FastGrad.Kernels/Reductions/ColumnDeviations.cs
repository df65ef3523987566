using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>(x − m)² and x − m, with one m for each column.</summary>
internal readonly unsafe struct ColumnDeviations<T>(T* x, T* m) : ITwinTerms<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Twin<V> At<V>(nuint row, nuint offset, nuint column)
        where V : struct, ISimdVector<V, T>
    {
        V d = V.Load(in *x, offset) - V.Load(in *m, column);
        return new(d * d, d);
    }
}
