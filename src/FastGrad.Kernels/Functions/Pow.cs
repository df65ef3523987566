using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>xʸ.</summary>
/// <remarks>
/// e^(y·log x) with the logarithm and its product with y in twice the working precision (<see cref="Wide{V,T}"/>). Error below 0.7 ulp (0.8 among the denormals),
/// so powers that fit come out exact. Special values as in IEEE 754-2019, 9.2.1: x⁰ = 1 and 1ʸ = 1 also for
/// NaN; a negative x takes integer y only, else NaN; (−0)ʸ and (−∞)ʸ keep the sign for odd y; (−1)^±∞ = 1.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Pow<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second | Residual.Output;

    /// <inheritdoc/>
    public static Residual LeftReads => Residual.Input | Residual.Second;

    /// <summary>xʸ of any arithmetic values: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Pow<T>), x, y);

    /// <summary>xʸ of scalars: the same bits as a vector's lane.</summary>
    public static T At(T x, T y) => default(Pow<T>).Evaluate(new Lane<T>(x), new Lane<T>(y)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x, y);

    /// <summary>d·y·x^(y − 1); 0 for y = 0, as in PyTorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => V.Select(
            V.Equal(y, V.Create(T.Zero)),
            V.Create(T.Zero),
            d * (y * Of(x, y - V.Create(T.One))));

    /// <summary>d·xʸ·log x; 0 for x = 0 and y ≥ 0, as in PyTorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V zero = V.Create(T.Zero);
        V vanishes = V.And(V.Equal(x, zero), V.GreaterThanOrEqual(y, zero));
        return V.Select(vanishes, zero, d * (z * Log<T>.Of(V.Select(vanishes, V.Create(T.One), x))));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x, V y)
        where V : struct, ISimdVector<V, T>
    {
        V zero = V.Create(T.Zero), one = V.Create(T.One), infinity = V.Create(T.PositiveInfinity);
        V a = V.Abs(x);
        // Beyond this any x but 1 overflows or vanishes; y stays the second operand, so that a NaN comes through.
        V most = V.Constant(typeof(T) == typeof(float) ? 68719476736 : 73786976294838206464.0); // 2³⁶, 2⁶⁶
        V z = Exp(Logarithm(a) * V.Min(most, V.Max(-most, y)));
        V grows = V.GreaterThan(y, zero);
        z = V.Select(V.Equal(a, zero), V.Select(grows, zero, infinity), z);
        z = V.Select(V.Equal(a, infinity), V.Select(grows, infinity, zero), z);

        V half = y * V.Constant(0.5);
        V whole = V.Equal(V.Floor(y), y);
        V odd = V.And(whole, V.Not(V.Equal(V.Floor(half), half)));
        z = V.Select(V.And(V.SignMask(x), odd), -z, z);
        V undefined = V.And(V.And(V.LessThan(x, zero), V.LessThan(a, infinity)), V.Not(whole));
        z = V.Select(undefined, V.Create(T.NaN), z);
        z = V.Select(V.Equal(x, x), z, x);
        return V.Select(V.Or(V.Equal(y, zero), V.Equal(x, one)), one, z);
    }

    // 2·artanh s + k·ln 2 with s = (m − 1)/(m + 1), |s| ≤ 0.1716.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Wide<V, T> Logarithm<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One);
        V denormal = V.LessThan(x, V.Create(FloatFormat<T>.LeastNormal));
        V m = LogPolynomial<V, T>.Split(V.Select(denormal, x * V.Constant(typeof(T) == typeof(float) ? 33554432.0 : 18014398509481984.0), x), out V k); // 2²⁵, 2⁵⁴
        k -= V.Select(denormal, V.Constant(typeof(T) == typeof(float) ? 25 : 54), V.Create(T.Zero));
        Wide<V, T> s = Wide<V, T>.Quotient(m - one, Wide<V, T>.Sum(m, one));
        Wide<V, T> z = s * s;

        // artanh s / s = 1 + z/3 + z²/5 + …: what is left is below 2⁻⁴⁰ and 2⁻⁷⁵. From z⁴ on working precision suffices.
        V tail = V.Create(T.Zero);
        for (int i = typeof(T) == typeof(float) ? 15 : 27; i >= 9; i -= 2)
            tail = V.FusedMultiplyAdd(tail, z.High, V.Constant(1.0 / i));
        Wide<V, T> series = z * tail + Wide<V, T>.Constant(1.0 / 7, 7.93016446160826e-18);
        series = z * series + Wide<V, T>.Constant(1.0 / 5, -1.1102230246251566e-17);
        series = z * series + Wide<V, T>.Constant(1.0 / 3, 1.850371707708594e-17);
        Wide<V, T> twice = new(s.High + s.High, s.Low + s.Low);
        return Wide<V, T>.Constant(0.6931471805599453, 2.3190468138462996e-17) * k + (twice + twice * (z * series));
    }

    // e^(high + low), 0 and ∞ far out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Exp<V>(Wide<V, T> p)
        where V : struct, ISimdVector<V, T>
    {
        V most = V.Constant(typeof(T) == typeof(float) ? 120 : 760);
        V high = V.Min(most, V.Max(-most, p.High));
        V low = V.Select(V.Equal(high, p.High), p.Low, V.Create(T.Zero));
        V n = V.Round(high * V.Constant(1.4426950408889634)); // 1 / ln 2
        // ln 2 in its first 16 or 32 bits, whose product with n is exact, and the rest in two parts.
        V first = V.FusedMultiplyAdd(n, V.Constant(typeof(T) == typeof(float) ? -0.693145751953125 : -0.69314718036912382), high);
        Wide<V, T> rest = typeof(T) == typeof(float)
            ? Wide<V, T>.Constant(-1.4286068202862268e-06, 0)
            : Wide<V, T>.Constant(-1.9082149292705877e-10, -1.1612227229362532e-26);
        Wide<V, T> r = rest * n + first + low;
        V q = ExpPolynomial<V, T>.Quadratic(r.High);

        // eʳ = 1 + r + r²·q(r), summed from the small end.
        Wide<V, T> one = Wide<V, T>.Sum(V.Create(T.One), r.High);
        V small = V.FusedMultiplyAdd(r.High * r.High, q, V.FusedMultiplyAdd(r.High, r.Low, r.Low));
        return V.ScaleB(one.High + (one.Low + small), n);
    }
}
