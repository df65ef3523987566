using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>y = x, with NaN and the infinities replaced by numbers.</summary>
/// <remarks>
/// Exact. As torch.nan_to_num.
/// </remarks>
/// <param name="nan">What stands for NaN.</param>
/// <param name="positive">What stands for ∞.</param>
/// <param name="negative">What stands for −∞.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct NanToNum<T>(T nan, T positive, T negative) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _nan = nan;
    private readonly T _positive = positive;
    private readonly T _negative = negative;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V y = V.Select(V.Equal(x, x), x, V.Create(_nan));
        y = V.Select(V.Equal(x, V.Create(T.PositiveInfinity)), V.Create(_positive), y);
        return V.Select(V.Equal(x, V.Create(T.NegativeInfinity)), V.Create(_negative), y);
    }

    /// <summary>1 where x is finite, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.LessThan(V.Abs(x), V.Create(T.PositiveInfinity)), V.Create(T.One), V.Create(T.Zero));
}
