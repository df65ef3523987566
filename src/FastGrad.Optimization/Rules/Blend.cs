using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Optimization.Rules;

/// <summary>a·θ + b·u, with one rounding of the sum.</summary>
/// <param name="ofParameter">a.</param>
/// <param name="ofUpdate">b.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Blend<T>(double ofParameter, double ofUpdate) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _a = T.CreateTruncating(ofParameter), _b = T.CreateTruncating(ofUpdate);

    /// <inheritdoc/>
    public static int SlotCount => 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T> => V.FusedMultiplyAdd(V.Create(_b), update, V.Create(_a) * parameter);
}
