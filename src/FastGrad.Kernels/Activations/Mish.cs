using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Mish: y = x·tanh(log(1 + eˣ)).</summary>
/// <remarks>
/// Misra 2019, arXiv:1908.08681. With e = e^−|x|: x·(1 + 2e)/(1 + 2e + 2e²) for x ≥ 0, x·e(2 + e)/(2 + 2e + e²) for x &lt; 0. Error below 4 ulp
/// where the result is a normal number. −0 for x → −∞, x for x → ∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Mish<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V two = V.Constant(2);
        V b = V.Max(V.Constant(-1024), x); // an infinity must not meet e = 0
        V e = Exp<T>.Of(-V.Abs(b));
        V negative = V.LessThan(b, V.Create(T.Zero));
        V top = V.Select(negative, e * (e + two), V.FusedMultiplyAdd(two, e, V.Create(T.One)));
        V rest = V.Select(negative, two, two * e * e);
        return b * (top / (top + rest));
    }

    /// <summary>tanh s + x·sech² s·σ(x), s = log(1 + eˣ), by dual numbers. Relative to max(|y′|, 0.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V bounded = V.Min(V.Constant(1024), V.Max(V.Constant(-1024), x));
        return Dual.Derivative<Mish<T>, V, T>(this, bounded);
    }
}
