using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>log x, the natural logarithm.</summary>
/// <remarks>
/// x = 2ᵏ·m; log x = k·ln 2 + log m, by a table and a short polynomial in float (<see cref="LogTable{V,T}"/>), by a longer one in double
/// (<see cref="LogPolynomial{V,T}"/>). Denormals are scaled up first. Error below 1.6 ulp in float, 1 in double. −∞ for ±0, NaN for x &lt; 0, ∞ for ∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Log<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>log x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Log<T>), x);

    /// <summary>log x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Log<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>(log x)′ = 1/x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Create(T.One) / x;

    /// <inheritdoc/>
    public static bool HasUsual => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.SplitsAll || V.AllPositiveNormal(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Usual<V>(V x)
        where V : struct, ISimdVector<V, T> => typeof(T) == typeof(float) ? LogTable<V, T>.Of(x) : LogPolynomial<V, T>.Of(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        if (V.SplitsAll)
            return Usual(x);
        V zero = V.Create(T.Zero);
        V infinity = V.Create(T.PositiveInfinity);
        V denormal = V.LessThan(x, V.Create(FloatFormat<T>.LeastNormal));
        V normal = V.Select(denormal, x * V.Constant(typeof(T) == typeof(float) ? 33554432.0 : 18014398509481984.0), x); // 2²⁵, 2⁵⁴
        V shift = V.Select(denormal, V.Constant(typeof(T) == typeof(float) ? 25 : 54), zero);
        V y = typeof(T) == typeof(float) ? LogTable<V, T>.Of(normal, shift) : LogPolynomial<V, T>.Of(normal, shift);
        y = V.Select(V.LessThan(x, infinity), y, x); // ∞ and NaN
        y = V.Select(V.Equal(x, zero), -infinity, y);
        return V.Select(V.LessThan(x, zero), V.Create(T.NaN), y);
    }
}
