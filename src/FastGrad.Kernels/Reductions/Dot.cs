using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>Σᵢ xᵢ·yᵢ; 0 for no elements.</summary>
/// <remarks>Error bound: <see cref="Reduce"/>. A product is rounded before it is added: a fused chain would be slow where the instruction is missing.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Dot<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static bool ReadsSecond => true;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    public static T Empty => T.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => x * y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T> => a + b;
}

/// <summary>Σᵢ xᵢ·yᵢ; 0 for no elements.</summary>
public static class Dot
{
    /// <summary>Σᵢ xᵢ·yᵢ; 0 for no elements.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static T Of<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Workers.WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Reduce.All(new Dot<T>(), x, y, workers);

    /// <summary>The same along the middle axis of two tensors [outer, axis, inner]: as <see cref="Reduce.Along{TReduction,T}(TReduction,ReadOnlySpan{T},ReadOnlySpan{T},int,int,int,Span{T},bool)"/>.</summary>
    public static void Along<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, int outer, int axis, int inner, Span<T> z, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Reduce.Along(new Dot<T>(), x, y, outer, axis, inner, z, accumulate);
}
