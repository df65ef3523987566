using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Optimization.Rules;

/// <summary>±u + λ·θ: at the head of a chain coupled (L2) decay, before <see cref="Descend{T}"/> decoupled decay.</summary>
/// <param name="decay">λ; with 0 the update passes unchanged where θ is finite.</param>
/// <param name="negate">Whether to turn u round first, to climb instead of to descend. The decay keeps its sign.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct AddDecay<T>(double decay, bool negate = false) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _decay = T.CreateTruncating(decay);
    private readonly T _sign = negate ? T.NegativeOne : T.One;

    /// <inheritdoc/>
    public static int SlotCount => 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T> =>
        V.FusedMultiplyAdd(V.Create(_decay), parameter, V.Create(_sign) * update);
}
