using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>e^(x²/2)·Q|x| = ½·erfcx(|x|/√2), where Q is the upper tail of the standard normal distribution.</summary>
/// <remarks>
/// What is left of the tail once <see cref="Gaussian{T}"/> is taken out (Mills' ratio over √(2π)): a slow, positive, even function,
/// ½ at 0 and 1/(|x|√(2π)) far out. In float a table of polynomials (<see cref="TailTable{V,T}"/>), and the asymptotic series from 15 on. In double r·P(t) with r = 1/(|x| + 4), t = 1 − 8r, for all |x| in one piece; P is a minimax fit (exchange algorithm
/// in 50 digits), relative error 2^−54.7 with coefficients rounded for the least error of the sum.
/// Error below 2 ulp. 0 for ±∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct NormalTail<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>e^(x²/2)·Q|x| of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(NormalTail<T>), x);

    /// <summary>e^(x²/2)·Q|x| of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(NormalTail<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>±(|x|·y − 1/√(2π)), + for x ≥ 0. Relative to 1, since the terms cancel far out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V a = V.Min(V.Constant(1e9), V.Abs(x)); // the difference vanishes long before; an infinity must not meet 0
        V rise = V.FusedMultiplyAdd(a, Of(a), V.Constant(-0.3989422804014327)); // 1/√(2π)
        return V.Select(V.LessThan(x, V.Create(T.Zero)), -rise, rise);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Abs(x);
        if (typeof(T) == typeof(float))
            return V.Select(V.LessThan(a, V.Constant(TailTable<V, T>.Limit)), TailTable<V, T>.Of(V.Min(V.Constant(TailTable<V, T>.Limit), a)), Far(a));
        V d = a + V.Constant(4);
        V value = FromDenominator(d, a - (d - V.Constant(4)), out V rest);
        return value + rest;
    }

    // 1/(a√(2π))·(1 − 1/a² + 3/a⁴ − 15/a⁶ + …): in float the next term is lost for a ≥ 15.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Far<V>(V a)
        where V : struct, ISimdVector<V, T>
    {
        V r = V.Create(T.One) / a;
        V z = r * r;
        V series = V.FusedMultiplyAdd(V.FusedMultiplyAdd(V.FusedMultiplyAdd(V.Constant(105), z, V.Constant(-15)), z, V.Constant(3)), z, V.Constant(-1)) * z;
        V whole = V.Constant(0.3989422804014327) / a; // 1/√(2π)
        return V.FusedMultiplyAdd(whole, series, whole);
    }

    /// <summary>The function at the x with |x| + 4 = d + lost, in double, as a value and what is to be added to it.</summary>
    /// <remarks>
    /// 1/(d + lost) is taken in two parts, r + rest, and t takes both, since P falls steeply at small |x|. The last sum of P and its product with r
    /// keep their roundings too: what is lost is the rounding of the polynomial's tail alone.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V FromDenominator<V>(V d, V lost, out V rest)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One);
        V r = one / d;
        V rLow = r * V.FusedMultiplyAdd(-r, lost, V.FusedMultiplyAdd(-r, d, one));
        rLow = V.Select(V.Equal(r, V.Create(T.Zero)), r, rLow); // d = ∞
        V t = V.FusedMultiplyAdd(V.Constant(-8), rLow, V.FusedMultiplyAdd(V.Constant(-8), r, one));
        V tail = Double(t), last = V.Constant(0.7552851304157515);
        V p = V.FusedMultiplyAdd(tail, t, last);
        V pLow = V.FusedMultiplyAdd(tail, t, last - p);
        V value = r * p;
        rest = V.FusedMultiplyAdd(r, p, -value) + V.FusedMultiplyAdd(rLow, p, r * pLow);
        return value;
    }

    // (P(t) − P(0))/t
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V t)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(8.780637660140382e-11);
        p = V.FusedMultiplyAdd(p, t, V.Constant(3.512041715515293e-10));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-6.715786771129613e-10));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-3.79531190303548e-09));
        p = V.FusedMultiplyAdd(p, t, V.Constant(9.378775955434192e-10));
        p = V.FusedMultiplyAdd(p, t, V.Constant(2.1595726657625834e-08));
        p = V.FusedMultiplyAdd(p, t, V.Constant(1.540406149573209e-08));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-8.711731358398301e-08));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-1.572736649626669e-07));
        p = V.FusedMultiplyAdd(p, t, V.Constant(2.7270003989056884e-07));
        p = V.FusedMultiplyAdd(p, t, V.Constant(1.0230731748084215e-06));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-6.299845208342951e-07));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-5.920816761491141e-06));
        p = V.FusedMultiplyAdd(p, t, V.Constant(7.167201236285394e-07));
        p = V.FusedMultiplyAdd(p, t, V.Constant(3.514486405215286e-05));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-1.908263089542651e-06));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.0002310949668006968));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.00013334431229969484));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.0016308184610281447));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.00347969236734113));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.007540188966934809));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.0603965748909332));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.18652185795965143));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.3871374007422146));
        return V.FusedMultiplyAdd(p, t, V.Constant(-0.6078966419718922));
    }
}
