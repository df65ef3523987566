using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder.Rules;

/// <summary>v ← αv + (1 − α)u²; the update is u/(√v + ε).</summary>
/// <remarks>Tieleman and Hinton 2012, lecture 6.5; ε outside the root, as PyTorch. One slot: <c>square_avg</c>.</remarks>
/// <param name="alpha">α.</param>
/// <param name="epsilon">ε.</param>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct ScaleByRms<T>(double alpha, double epsilon) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _alpha = T.CreateTruncating(alpha);
    private readonly T _weight = T.CreateTruncating(1 - alpha);
    private readonly T _epsilon = T.CreateTruncating(epsilon);

    /// <inheritdoc/>
    public static int SlotCount => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T>
    {
        V square = V.FusedMultiplyAdd(V.Create(_alpha), slots[0], V.Create(_weight) * update * update);
        slots[0] = square;
        return update / (V.Sqrt(square) + V.Create(_epsilon));
    }
}
