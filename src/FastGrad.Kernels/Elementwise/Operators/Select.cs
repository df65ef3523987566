using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>w = y where the mask x is true, else z.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Select<T> : ITernaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static Residual FirstReads => Residual.None;

    /// <inheritdoc/>
    public static Residual SecondReads => Residual.Input;

    /// <inheritdoc/>
    public static Residual ThirdReads => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y, V z)
        where V : struct, IArithmetic<V, T> => V.Select(x, y, z);

    /// <summary>0: the mask is piecewise constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => V.Create(T.Zero);

    /// <summary>d where the mask is true, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => V.Select(x, d, V.Create(T.Zero));

    /// <summary>0 where the mask is true, else d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Third<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => V.Select(x, V.Create(T.Zero), d);
}
