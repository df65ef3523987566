using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Optimization.Rules;

/// <summary>The running sums of a measure at the lanes at hand.</summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct SumCursor<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SumCursor(ref T lanes) => _lanes = ref lanes;

    /// <summary>Adds a term to sum <paramref name="sum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int sum, V term)
    {
        nuint offset = (nuint)(sum * Measurement.Lanes<T>());
        V.Store(V.Load(in _lanes, offset) + term, ref _lanes, offset);
    }
}
