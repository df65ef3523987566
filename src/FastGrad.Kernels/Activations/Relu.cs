using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Rectified linear unit: y = max(x, 0).</summary>
/// <remarks>
/// Exact. Negative numbers and −0 give +0; NaN stays NaN. Backward reads the output, which the next layer keeps anyway.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Relu<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Output;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.LessThanOrEqual(x, V.Create(T.Zero)), V.Create(T.Zero), x);

    /// <summary>1 for x &gt; 0, else 0; 0 at the kink, as in PyTorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => V.Select(V.LessThanOrEqual(y, V.Create(T.Zero)), V.Create(T.Zero), V.Create(T.One));
}
