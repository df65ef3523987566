using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>minᵢ xᵢ: NaN where any element is; ∞ for no elements.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Min<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    public static T Empty => T.PositiveInfinity;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T> => V.Select(V.Equal(a, a), V.Min(a, b), a);
}

/// <summary>minᵢ xᵢ: NaN where any element is; ∞ for no elements.</summary>
public static class Min
{
    /// <summary>minᵢ xᵢ: NaN where any element is; ∞ for no elements.</summary>
    public static T Of<T>(ReadOnlySpan<T> x, Workers.WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Reduce.All(new Min<T>(), x, workers);

    /// <summary>The same along the middle axis of [outer, axis, inner]: as <see cref="Reduce.Along{TReduction,T}(TReduction,ReadOnlySpan{T},int,int,int,Span{T},bool)"/>.</summary>
    public static void Along<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Reduce.Along(new Min<T>(), x, outer, axis, inner, y, accumulate);
}
