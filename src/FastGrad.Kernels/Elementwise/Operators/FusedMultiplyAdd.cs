using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>w = x·y + z, rounded once.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct FusedMultiplyAdd<T> : ITernaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public static Residual FirstReads => Residual.Second;

    /// <inheritdoc/>
    public static Residual SecondReads => Residual.Input;

    /// <inheritdoc/>
    public static Residual ThirdReads => Residual.None;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y, V z)
        where V : struct, IArithmetic<V, T> => V.FusedMultiplyAdd(x, y, z);

    /// <summary>d·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * y;

    /// <summary>d·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * x;

    /// <summary>d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Third<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d;
}
