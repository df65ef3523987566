using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Scaled exponential linear unit: y = λx for x &gt; 0, λα·(eˣ − 1) for x ≤ 0.</summary>
/// <remarks>
/// Klambauer et al. 2017, arXiv:1706.02515, with λ = 1.0507… and α = 1.6732…, for which zero mean and unit variance are a fixed point. Error below 3 ulp.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Selu<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Constant(1.0507009873554805) * V.Select(V.GreaterThan(x, V.Create(T.Zero)), x, V.Constant(1.6732632423543772) * Expm1<T>.Of(x));

    /// <summary>λ for x &gt; 0, λα·eˣ for x ≤ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Constant(1.0507009873554805) * V.Select(V.GreaterThan(x, V.Create(T.Zero)), V.Create(T.One), V.Constant(1.6732632423543772) * Exp<T>.Of(x));
}
