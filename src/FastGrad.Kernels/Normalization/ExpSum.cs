using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>Σ exp(xᵢ): a row with ∞, which is not shifted.</summary>
internal readonly struct ExpSum<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Empty => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => Exp<T>.Of(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T> => a + b;
}

/// <summary>The greatest element, where a NaN need not win: it makes the row's sum NaN anyway. One instruction a vector.</summary>
internal readonly struct RowMaximum<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool IsShort => true;

    public static T Empty => T.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T> => V.Max(a, b);
}

/// <summary>The least element, where a NaN need not win.</summary>
internal readonly struct RowMinimum<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool IsShort => true;

    public static T Empty => T.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T> => V.Min(a, b);
}
