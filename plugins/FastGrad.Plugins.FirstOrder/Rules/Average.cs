using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder.Rules;

/// <summary>m ← m + (1 − β)(±u − m); the update is m.</summary>
/// <param name="beta">β.</param>
/// <param name="negate">Whether to turn u round first, to climb instead of to descend.</param>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct Average<T>(double beta, bool negate = false) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _weight = T.CreateTruncating(1 - beta);
    private readonly T _sign = negate ? T.NegativeOne : T.One;

    /// <inheritdoc/>
    public static int SlotCount => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T>
    {
        V mean = V.FusedMultiplyAdd(V.Create(_weight), V.Create(_sign) * update - slots[0], slots[0]);
        slots[0] = mean;
        return mean;
    }
}
