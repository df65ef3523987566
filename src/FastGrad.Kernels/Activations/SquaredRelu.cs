using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Squared rectified linear unit: y = max(x, 0)².</summary>
/// <remarks>
/// So et al. 2021, arXiv:2109.08668. One rounding; NaN stays NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct SquaredRelu<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V r = V.Select(V.LessThanOrEqual(x, V.Create(T.Zero)), V.Create(T.Zero), x);
        return r * r;
    }

    /// <summary>2·max(x, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V r = V.Select(V.LessThanOrEqual(x, V.Create(T.Zero)), V.Create(T.Zero), x);
        return r + r;
    }
}
