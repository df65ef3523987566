using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>y = x for x &gt; θ, else v.</summary>
/// <remarks>
/// Exact; NaN stays NaN. As torch.nn.functional.threshold.
/// </remarks>
/// <param name="threshold">The threshold θ.</param>
/// <param name="value">The value v below it.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Threshold<T>(T threshold, T value) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _threshold = threshold;
    private readonly T _value = value;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.LessThanOrEqual(x, V.Create(_threshold)), V.Create(_value), x);

    /// <summary>1 for x &gt; θ, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.LessThanOrEqual(x, V.Create(_threshold)), V.Create(T.Zero), V.Create(T.One));
}
