using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>log₁₀ x.</summary>
/// <remarks>
/// x = 2ᵏ·m with √½ ≤ m &lt; √2; log m = f + rest (<see cref="LogPolynomial{V,T}"/>) is divided by ln 10 in two parts, the leading one last.
/// Error below 2 ulp. −∞ for ±0, NaN for x &lt; 0, ∞ for ∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Log10<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>log₁₀ x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Log10<T>), x);

    /// <summary>log₁₀ x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Log10<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>(log₁₀ x)′ = 1/(x·ln 10).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Constant(0.4342944819032518) / x;

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
        V inverse = V.Constant(0.4342944819032518); // 1 / ln 10, and what its rounding leaves
        V rest = V.FusedMultiplyAdd(f, V.Constant(typeof(T) == typeof(float) ? -1.0103050052231683e-08 : 1.098319650216765e-17), LogPolynomial<V, T>.Rest(f) * inverse);
        rest = V.FusedMultiplyAdd(k, V.Constant(typeof(T) == typeof(float) ? 4.605038981195214e-06 : 3.694239077158931e-13), rest);
        V y = V.FusedMultiplyAdd(k, V.Constant(typeof(T) == typeof(float) ? 0.301025390625 : 0.30102999566361177), V.FusedMultiplyAdd(f, inverse, rest));
        y = V.Select(V.LessThan(x, infinity), y, x); // ∞ and NaN
        y = V.Select(V.Equal(x, zero), -infinity, y);
        return V.Select(V.LessThan(x, zero), V.Create(T.NaN), y);
    }
}
