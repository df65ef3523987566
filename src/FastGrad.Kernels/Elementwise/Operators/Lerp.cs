using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>w = x + z·(y − x): from x at z = 0 to y at z = 1.</summary>
/// <remarks>As torch.lerp: for |z| ≥ ½ it is spelled y − (y − x)·(1 − z), so that both ends are exact.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Lerp<T> : ITernaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second | Residual.Third;

    /// <inheritdoc/>
    public static Residual FirstReads => Residual.Third;

    /// <inheritdoc/>
    public static Residual SecondReads => Residual.Third;

    /// <inheritdoc/>
    public static Residual ThirdReads => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y, V z)
        where V : struct, IArithmetic<V, T> => V.Select(
            V.LessThan(V.Abs(z), V.Constant(0.5)),
            x + z * (y - x),
            y - (y - x) * (V.Create(T.One) - z));

    /// <summary>d·(1 − z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V First<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * (V.Create(T.One) - z);

    /// <summary>d·z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Second<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * z;

    /// <summary>d·(y − x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Third<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * (y - x);
}
