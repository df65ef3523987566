using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder.Rules;

/// <summary>b ← μb + (1 − τ)u; the update is b.</summary>
/// <remarks>Polyak 1964. The first step takes b = u, whatever τ, as PyTorch. One slot: <c>momentum_buffer</c>.</remarks>
/// <param name="momentum">μ.</param>
/// <param name="dampening">τ.</param>
/// <param name="step">The parameter's step number, from 1.</param>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct Momentum<T>(double momentum, double dampening, long step) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _momentum = T.CreateTruncating(momentum);
    private readonly T _weight = step == 1 ? T.One : T.CreateTruncating(1 - dampening);

    /// <inheritdoc/>
    public static int SlotCount => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T> =>
        slots[0] = V.FusedMultiplyAdd(V.Create(_momentum), slots[0], V.Create(_weight) * update);
}
