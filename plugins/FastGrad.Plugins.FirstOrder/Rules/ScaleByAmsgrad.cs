using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Plugins.FirstOrder.Rules;

/// <summary>AMSGrad's direction: as Adam's, with the largest v so far in the place of v.</summary>
/// <remarks>
/// Reddi, Kale and Kumar 2018, arXiv:1904.09237, algorithm 2. As PyTorch, and unlike the paper, the mean and the
/// maximum are corrected for bias; the maximum is taken before the correction. Slots: <c>exp_avg</c>, <c>exp_avg_sq</c>,
/// <c>max_exp_avg_sq</c>.
/// </remarks>
/// <param name="beta1">β₁.</param>
/// <param name="beta2">β₂.</param>
/// <param name="epsilon">ε.</param>
/// <param name="step">The parameter's step number, from 1.</param>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct ScaleByAmsgrad<T>(double beta1, double beta2, double epsilon, long step) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _weight1 = T.CreateTruncating(1 - beta1);
    private readonly T _beta2 = T.CreateTruncating(beta2);
    private readonly T _weight2 = T.CreateTruncating(1 - beta2);
    private readonly T _epsilon = T.CreateTruncating(epsilon);
    private readonly T _correct1 = T.CreateTruncating(1 / BiasCorrection.Of(beta1, step));
    private readonly T _correct2 = T.CreateTruncating(1 / Math.Sqrt(BiasCorrection.Of(beta2, step)));

    /// <inheritdoc/>
    public static int SlotCount => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T>
    {
        V mean = V.FusedMultiplyAdd(V.Create(_weight1), update - slots[0], slots[0]);
        V square = V.FusedMultiplyAdd(V.Create(_beta2), slots[1], V.Create(_weight2) * update * update);
        V largest = V.Max(slots[2], square); // the second operand comes through where it is NaN
        slots[0] = mean;
        slots[1] = square;
        slots[2] = largest;
        return V.Create(_correct1) * mean / V.FusedMultiplyAdd(V.Create(_correct2), V.Sqrt(largest), V.Create(_epsilon));
    }
}
