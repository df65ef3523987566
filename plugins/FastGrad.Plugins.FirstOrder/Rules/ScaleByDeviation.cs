using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder.Rules;

/// <summary>v ← αv + (1 − α)u², a ← a + (1 − α)(u − a); the update is u/(√(v − a²) + ε).</summary>
/// <remarks>
/// Graves 2013, arXiv:1308.0850, equations 38 to 41; ε outside the root, as PyTorch. A variance that rounds below zero counts
/// as zero, where PyTorch gets NaN. Slots: <c>square_avg</c>, <c>grad_avg</c>.
/// </remarks>
/// <param name="alpha">α.</param>
/// <param name="epsilon">ε.</param>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct ScaleByDeviation<T>(double alpha, double epsilon) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _alpha = T.CreateTruncating(alpha);
    private readonly T _weight = T.CreateTruncating(1 - alpha);
    private readonly T _epsilon = T.CreateTruncating(epsilon);

    /// <inheritdoc/>
    public static int SlotCount => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T>
    {
        V square = V.FusedMultiplyAdd(V.Create(_alpha), slots[0], V.Create(_weight) * update * update);
        V mean = V.FusedMultiplyAdd(V.Create(_weight), update - slots[1], slots[1]);
        slots[0] = square;
        slots[1] = mean;
        V variance = V.Max(V.Create(T.Zero), V.FusedMultiplyAdd(-mean, mean, square)); // NaN comes through
        return update / (V.Sqrt(variance) + V.Create(_epsilon));
    }
}
