using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Scaled exponential linear unit: y = λx for x &gt; 0, λα·(eˣ − 1) for x ≤ 0.</summary>
/// <remarks>
/// Klambauer et al. 2017, arXiv:1706.02515, with λ = 1.0507… and α = 1.6732…, for which zero mean and unit variance are a fixed point. Error below 2 ulp.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Selu<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Lambda = 1.0507009873554805, LambdaAlpha = 1.7580993408473766; // λ·1.6732632423543772

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        // λ and λα with what rounding them to T leaves; clamped so that the rest of an infinity is finite.
        V positive = V.GreaterThan(x, V.Create(T.Zero));
        V y = V.Select(positive, x, Expm1<T>.Of(x));
        V factor = V.Select(positive, V.Constant(Lambda), V.Constant(LambdaAlpha));
        V low = V.Select(
            positive,
            V.Constant(typeof(T) == typeof(float) ? -3.479265187067426e-08 : 0),
            V.Constant(typeof(T) == typeof(float) ? 2.3296717501556057e-08 : 5.75014648756476e-17));
        return V.FusedMultiplyAdd(factor, y, low * V.Min(V.Constant(typeof(T) == typeof(float) ? 3.4028234663852886e38 : 1.7976931348623157e308), y));
    }

    /// <summary>λ for x &gt; 0, λα·eˣ for x ≤ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(
            V.GreaterThan(x, V.Create(T.Zero)), V.Constant(Lambda), V.Constant(LambdaAlpha) * Exp<T>.Of(x));
}
