using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Gaussian error linear unit, tanh form: y = ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))).</summary>
/// <remarks>
/// Hendrycks and Gimpel 2016, arXiv:1606.08415. Spelled x·σ(z) with z = 2√(2/π)·(x + 0.044715x³), with z in two parts and a denominator
/// that is rounded once (<see cref="Logistic{V,T}"/>); x·e^z far out, where only the result is rounded into the denormals. Error below 1.6 ulp. −0 for x → −∞, x for x → ∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct GeluTanh<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Linear = 1.5957691216057308; // 2√(2/π)
    private const double Cubic = 0.07135481627260025; // 2√(2/π)·0.044715

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool HasUsual => true;

    private static double Bound
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? 7 : 14;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.AllLessThanOrEqual(V.Abs(x), V.Constant(Bound));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Usual<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V z = Argument(x, out V low);
        return Logistic<V, T>.Weighted(x, z, low);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V bound = V.Constant(Bound);
        V b = V.Max(V.Constant(-32), x); // the tail beyond is 0; an infinity must not meet it
        V z = Argument(V.Min(V.Create(T.Zero), b), out V low);
        V far = V.Select(V.LessThan(x, bound), ExpCore<V, T>.Weighted(b, z, low), x);
        V near = Usual(V.Min(bound, V.Max(-bound, x)));
        return V.Select(V.LessThanOrEqual(V.Abs(x), bound), near, far);
    }

    /// <summary>σ(z) + x·σ(z)(1 − σ(z))·z′, by e = e^−|z|. Relative to max(|y′|, 0.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One);
        V a = V.Min(V.Constant(32), V.Abs(x));
        V z = Argument(a, out V low);
        V e = Exp<T>.Of(-z);
        e = V.FusedMultiplyAdd(e, -low, e);
        V rise = a * V.FusedMultiplyAdd(a * a, V.Constant(3 * Cubic), V.Constant(Linear)); // |x|·z′
        V d = one + e;
        V slope = V.Select(V.LessThan(x, V.Create(T.Zero)), e * (d - rise), V.FusedMultiplyAdd(rise, e, d));
        return slope / (d * d);
    }

    // 2√(2/π)·(a + 0.044715a³) = z + low
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Argument<V>(V a, out V low)
        where V : struct, IArithmetic<V, T>
    {
        // What rounding to T leaves of the two constants.
        V linearLow = V.Constant(typeof(T) == typeof(float) ? -4.534068054340423e-08 : -9.96930880911092e-17);
        V cubicLow = V.Constant(typeof(T) == typeof(float) ? 2.3988324659995897e-09 : -6.175149918155315e-19);
        V linear = V.Constant(Linear), cubic = V.Constant(Cubic);
        V square = a * a;
        V squareLow = V.FusedMultiplyAdd(a, a, -square);
        V t = cubic * square;
        V tLow = V.FusedMultiplyAdd(cubic, square, -t) + V.FusedMultiplyAdd(cubic, squareLow, cubicLow * square);
        V s = linear + t;
        V tSeen = s - linear; // Knuth's sum
        V sLow = (linear - (s - tSeen)) + (t - tSeen) + (linearLow + tLow);
        V z = a * s;
        low = V.FusedMultiplyAdd(a, s, -z) + a * sLow;
        return z;
    }
}
