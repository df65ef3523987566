using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>Σ exp(xᵢ − shift), where no xᵢ is greater than the shift.</summary>
internal readonly struct ExpSum<T>(T shift) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Empty => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Apply(default(FallingExp<T>), x - V.Create(shift));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T> => a + b;
}

/// <summary>Σ exp(xᵢ): a row with ∞, which is not shifted.</summary>
internal readonly struct UnshiftedExpSum<T> : IReduction<T>
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

/// <summary>exp(xᵢ − shift), where no xᵢ is greater than the shift.</summary>
internal readonly struct ShiftedExp<T>(T shift) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Residual Residual => Residual.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(FallingExp<T>), x - V.Create(shift));

    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => y;
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
