using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Gaussian error linear unit: y = x·Φ(x) = ½x·(1 + erf(x/√2)).</summary>
/// <remarks>
/// Hendrycks and Gimpel 2016, arXiv:1606.08415. Spelled max(x, 0) − |x|·Q|x| with the tail Q = 1 − Φ of the normal distribution
/// (<see cref="WeightedTail{T}"/>), so that the negative side keeps its digits down to the denormals.
/// Error below 2 ulp. 0 for x → −∞, x for x → ∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Gelu<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool HasUsual => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.AllLessThanOrEqual(V.Abs(x), V.Constant(WeightedTail<T>.Bound));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Usual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.Max(V.Create(T.Zero), x) - WeightedTail<T>.Normal(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
        => V.Max(V.Create(T.Zero), x) - WeightedTail<T>.Of(x);

    /// <summary>Φ(x) + x·φ(x): Q|x| − |x|·φ(x) for x &lt; 0, 1 less that for x ≥ 0. Relative to max(|y′|, 0.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V left = WeightedTail<T>.FallOff(x);
        return V.Select(V.LessThan(x, V.Create(T.Zero)), left, V.Create(T.One) - left);
    }
}
