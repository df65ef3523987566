using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>log₂ x.</summary>
/// <remarks>
/// x = 2ᵏ·m with √½ ≤ m &lt; √2; log m = f + rest (<see cref="LogPolynomial{V,T}"/>) is divided by ln 2 in two parts, the leading one last.
/// Error below 1.5 ulp. −∞ for ±0, NaN for x &lt; 0, ∞ for ∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Log2<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>log₂ x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Log2<T>), x);

    /// <summary>log₂ x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Log2<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>(log₂ x)′ = 1/(x·ln 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Constant(1.4426950408889634) / x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V zero = V.Create(T.Zero);
        V infinity = V.Create(T.PositiveInfinity);
        V denormal = V.LessThan(x, V.Create(FloatFormat<T>.LeastNormal));
        V f = LogPolynomial<V, T>.Split(V.Select(denormal, x * V.Constant(typeof(T) == typeof(float) ? 33554432.0 : 18014398509481984.0), x), out V k) - V.Create(T.One); // 2²⁵, 2⁵⁴
        k -= V.Select(denormal, V.Constant(typeof(T) == typeof(float) ? 25 : 54), zero);
        V inverse = V.Constant(1.4426950408889634); // 1 / ln 2, and what its rounding leaves
        V rest = V.FusedMultiplyAdd(f, V.Constant(typeof(T) == typeof(float) ? 1.9259629911266175e-08 : 2.0355273740931033e-17), LogPolynomial<V, T>.Rest(f) * inverse);
        V y = k + V.FusedMultiplyAdd(f, inverse, rest);
        y = V.Select(V.LessThan(x, infinity), y, x); // ∞ and NaN
        y = V.Select(V.Equal(x, zero), -infinity, y);
        return V.Select(V.LessThan(x, zero), V.Create(T.NaN), y);
    }
}
