using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>Πᵢ xᵢ; 1 for no elements.</summary>
/// <remarks>Relative error at most (n − 1)u to first order. Partial products may overflow or underflow where the product does not.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Product<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    public static T Empty => T.One;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T> => a * b;
}

/// <summary>Πᵢ xᵢ; 1 for no elements.</summary>
public static class Product
{
    /// <summary>Πᵢ xᵢ; 1 for no elements.</summary>
    public static T Of<T>(ReadOnlySpan<T> x, Workers.WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Reduce.All(new Product<T>(), x, workers);

    /// <summary>The same along the middle axis of [outer, axis, inner]: as <see cref="Reduce.Along{TReduction,T}(TReduction,ReadOnlySpan{T},int,int,int,Span{T},bool)"/>.</summary>
    public static void Along<T>(ReadOnlySpan<T> x, int outer, int axis, int inner, Span<T> y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Reduce.Along(new Product<T>(), x, outer, axis, inner, y, accumulate);
}
