using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.Modern;

/// <summary>u·θ.</summary>
internal readonly struct Times<T> : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int SlotCount => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T> => update * parameter;
}
