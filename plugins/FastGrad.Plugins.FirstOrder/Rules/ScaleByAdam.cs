using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder.Rules;

/// <summary>Adam's direction: m ← m + (1 − β₁)(u − m), v ← β₂v + (1 − β₂)u²; the update is m̂/(√v̂ + ε).</summary>
/// <remarks>Kingma and Ba 2015, arXiv:1412.6980, algorithm 1; ε outside the root. Slots: <c>exp_avg</c>, <c>exp_avg_sq</c>.</remarks>
/// <param name="beta1">β₁.</param>
/// <param name="beta2">β₂.</param>
/// <param name="epsilon">ε.</param>
/// <param name="step">The parameter's step number t, from 1: m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).</param>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct ScaleByAdam<T>(double beta1, double beta2, double epsilon, long step) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _weight1 = T.CreateTruncating(1 - beta1);
    private readonly T _beta2 = T.CreateTruncating(beta2);
    private readonly T _weight2 = T.CreateTruncating(1 - beta2);
    private readonly T _epsilon = T.CreateTruncating(epsilon);
    private readonly T _correct1 = T.CreateTruncating(1 / BiasCorrection.Of(beta1, step));
    private readonly T _correct2 = T.CreateTruncating(1 / Math.Sqrt(BiasCorrection.Of(beta2, step)));

    /// <inheritdoc/>
    public static int SlotCount => 2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T>
    {
        V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]);
        V square = V.FusedMultiplyAdd(V.Create(_beta2), slots[1], V.Create(_weight2) * update * update);
        slots[0] = mean;
        slots[1] = square;
        return V.Create(_correct1) * mean / V.FusedMultiplyAdd(V.Create(_correct2), V.Sqrt(square), V.Create(_epsilon));
    }
}
