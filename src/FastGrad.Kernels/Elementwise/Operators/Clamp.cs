using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>y = min(max(x, low), high).</summary>
/// <remarks>NaN stays NaN, with derivative 0. Where low &gt; high every number gives high. As torch.clamp.</remarks>
/// <param name="low">The least value.</param>
/// <param name="high">The greatest value.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Clamp<T>(T low, T high) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Min(V.Create(high), V.Max(V.Create(low), x));

    /// <summary>1 for low ≤ x ≤ high, both ends included, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(
            V.And(V.GreaterThanOrEqual(x, V.Create(low)), V.LessThanOrEqual(x, V.Create(high))),
            V.Create(T.One),
            V.Create(T.Zero));
}
