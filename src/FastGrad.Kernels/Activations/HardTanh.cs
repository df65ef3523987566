using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>y = x clamped to low…high.</summary>
/// <remarks>
/// Exact; NaN stays NaN. With 0 and 6 it is relu6. As torch.nn.functional.hardtanh, its slope at both ends is 0; <see cref="Elementwise.Operators.Clamp{T}"/> has 1 there.
/// </remarks>
/// <param name="low">The least result; usually −1.</param>
/// <param name="high">The greatest result; usually 1.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct HardTanh<T>(T low, T high) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _low = low;
    private readonly T _high = high;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Min(V.Create(_high), V.Max(V.Create(_low), x));

    /// <summary>1 for low &lt; x &lt; high, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(
            V.And(V.GreaterThan(x, V.Create(_low)), V.LessThan(x, V.Create(_high))),
            V.Create(T.One),
            V.Create(T.Zero));
}
