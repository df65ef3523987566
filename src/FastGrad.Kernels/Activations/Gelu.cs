using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Gaussian error linear unit: y = x·Φ(x) = ½x·(1 + erf(x/√2)).</summary>
/// <remarks>
/// Hendrycks and Gimpel 2016, arXiv:1606.08415. Spelled max(x, 0) − |x|·Q|x| with the tail Q of the normal distribution as
/// <see cref="NormalTail{T}"/> × <see cref="Gaussian{T}"/>, so that the negative side keeps its digits down to the denormals.
/// Error below 4 ulp. 0 for x → −∞, x for x → ∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Gelu<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V a = V.Min(V.Constant(64), V.Abs(x)); // the tail beyond is 0; an infinity must not meet it
        return V.Max(V.Create(T.Zero), x) - a * NormalTail<T>.Of(a) * Gaussian<T>.Of(a);
    }

    /// <summary>Φ(x) + x·φ(x) with φ(x) = e^(−x²/2)/√(2π): Q|x| − |x|·φ for x &lt; 0, 1 less that for x ≥ 0. Relative to max(|y′|, 0.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V a = V.Min(V.Constant(64), V.Abs(x));
        V left = V.FusedMultiplyAdd(a, V.Constant(-0.3989422804014327), NormalTail<T>.Of(a)) * Gaussian<T>.Of(a); // 1/√(2π)
        return V.Select(V.LessThan(x, V.Create(T.Zero)), left, V.Create(T.One) - left);
    }
}
