using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>y = x for |x| &gt; λ, else 0.</summary>
/// <remarks>
/// Exact; NaN stays NaN. As torch.nn.functional.hardshrink.
/// </remarks>
/// <param name="lambda">The half width λ ≥ 0 of the gap; PyTorch's default is ½.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct HardShrink<T>(T lambda) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _lambda = lambda;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.LessThanOrEqual(V.Abs(x), V.Create(_lambda)), V.Create(T.Zero), x);

    /// <summary>1 for |x| &gt; λ, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.LessThanOrEqual(V.Abs(x), V.Create(_lambda)), V.Create(T.Zero), V.Create(T.One));
}
