using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Piecewise linear sigmoid: y = min(max(x + 3, 0), 6)/6.</summary>
/// <remarks>
/// As torch.nn.functional.hardsigmoid. Error below 1.5 ulp.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct HardSigmoid<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Min(V.Constant(6), V.Max(V.Create(T.Zero), x + V.Constant(3))) / V.Constant(6);

    /// <summary>1/6 for −3 &lt; x &lt; 3, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.LessThan(V.Abs(x), V.Constant(3)), V.Constant(1.0 / 6), V.Create(T.Zero));
}
