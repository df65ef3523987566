using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder.Rules;

/// <summary>b ← μb + u; the update is u + μb.</summary>
/// <remarks>Sutskever et al. 2013, section 2, in PyTorch's variables. One slot: <c>momentum_buffer</c>.</remarks>
/// <param name="momentum">μ.</param>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct NesterovMomentum<T>(double momentum) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _momentum = T.CreateTruncating(momentum);

    /// <inheritdoc/>
    public static int SlotCount => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T>
    {
        V momentum = V.Create(_momentum);
        V buffer = V.FusedMultiplyAdd(momentum, slots[0], update);
        slots[0] = buffer;
        return V.FusedMultiplyAdd(momentum, buffer, update);
    }
}
