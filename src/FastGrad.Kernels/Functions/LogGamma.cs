using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>log|Γ(x)|.</summary>
/// <remarks>
/// u·R(u) around 2 with a minimax R (exchange algorithm in 50 digits, relative error 2^−31.8 and 2^−62.5), the recurrence Γ(x + 1) = x·Γ(x) up to 8,
/// Stirling's series beyond, with the logarithm in two parts. Error below 2 ulp for x &gt; 0; below 0 by reflection, where it is below 6 ulp of max(|y|, 1).
/// ∞ at 0, at negative integers and at ±∞; NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct LogGamma<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>log|Γ(x)| of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(LogGamma<T>), x);

    /// <summary>log|Γ(x)| of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(LogGamma<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>ψ(x), the digamma function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => Digamma<T>.Of(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Abs(x);
        V y = Positive(a);
        // Γ(x)·Γ(−x) = −π/(x·sin πx). Where πx² is lost, log|Γ| is even.
        V turn = a - V.Round(a);
        V sine = V.Abs(default(Sin<T>).Evaluate(turn * V.Constant(3.141592653589793)));
        V reflected = V.Constant(1.1447298858494002) - default(Log<T>).Evaluate(a * sine) - y; // log π
        reflected = V.Select(V.LessThan(a, V.Constant(typeof(T) == typeof(float) ? 1.4901161193847656e-08 : 8.673617379884035e-19)), y, reflected); // 2⁻²⁶, 2⁻⁶⁰
        reflected = V.Select(V.Equal(turn, V.Create(T.Zero)), V.Create(T.PositiveInfinity), reflected);
        y = V.Select(V.LessThan(x, V.Create(T.Zero)), reflected, y);
        return V.Select(V.Equal(a, V.Create(T.PositiveInfinity)), a, y);
    }

    // (R(u) − R(0))/u
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single<V>(V u)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(0.00012238125782459974);
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.0002536303654778749));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.0005015058559365571));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.0011859543155878782));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.002891734940931201));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.007386159151792526));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.020580735057592392));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.0673522800207138));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.32246702909469604));
        return p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V u)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(6.916950449348169e-08);
        p = V.FusedMultiplyAdd(p, u, V.Constant(-1.340247274842341e-07));
        p = V.FusedMultiplyAdd(p, u, V.Constant(1.9665958345243858e-07));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-4.304732728486067e-07));
        p = V.FusedMultiplyAdd(p, u, V.Constant(9.610609723484527e-07));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-2.0448646555772444e-06));
        p = V.FusedMultiplyAdd(p, u, V.Constant(4.3735012894973376e-06));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-9.438472858303869e-06));
        p = V.FusedMultiplyAdd(p, u, V.Constant(2.0507409392822206e-05));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-4.492634900376714e-05));
        p = V.FusedMultiplyAdd(p, u, V.Constant(9.94574951538271e-05));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.0002231547509283371));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.000509669525689876));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.0011927539119920556));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.002890510330713592));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.007385551028668374));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.020580808427784925));
        p = V.FusedMultiplyAdd(p, u, V.Constant(-0.06735230105319814));
        p = V.FusedMultiplyAdd(p, u, V.Constant(0.3224670334241132));
        return p;
    }

    // Stirling's series: (x − ½)(log x − 1) + ½(log 2π − 1) + Σ B₂ₖ/(2k(2k − 1)x^(2k − 1)).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Stirling<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V r = V.Create(T.One) / x, z = r * r;
        V s = V.Constant(-3617.0 / 122400);
        s = V.FusedMultiplyAdd(s, z, V.Constant(1.0 / 156));
        s = V.FusedMultiplyAdd(s, z, V.Constant(-691.0 / 360360));
        s = V.FusedMultiplyAdd(s, z, V.Constant(1.0 / 1188));
        s = V.FusedMultiplyAdd(s, z, V.Constant(-1.0 / 1680));
        s = V.FusedMultiplyAdd(s, z, V.Constant(1.0 / 1260));
        s = V.FusedMultiplyAdd(s, z, V.Constant(-1.0 / 360));
        s = V.FusedMultiplyAdd(s, z, V.Constant(1.0 / 12));
        V half = V.Constant(0.5), small = V.Constant(1.0 / 1024);
        V h = x - half, hLow = x - h - half;
        Wide<V, T> log = Pow<T>.Logarithm(x) + V.Create(T.NegativeOne), main = log * (h * small); // scaled down, so that only the last product overflows
        V rest = V.FusedMultiplyAdd(log.High, hLow, V.FusedMultiplyAdd(s, r, V.Constant(0.4189385332046727)));
        return (main.High + V.FusedMultiplyAdd(small, rest, main.Low)) * V.Constant(1024);
    }

    // log Γ(x) for x ≥ 0, by Γ(x + 1) = x·Γ(x) from between 3/2 and 5/2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Positive<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One), bound = V.Constant(2.5);
        V a = V.Min(V.Constant(8.5), x);
        V t = a, product = one;
        for (int i = 0; i < 6; i++)
        {
            V down = V.GreaterThan(t, bound);
            t = V.Select(down, t - one, t);
            product = V.Select(down, product * t, product);
        }
        V below = V.LessThan(a, V.Constant(1.5)), twice = V.LessThan(a, V.Constant(0.5));
        V next = a + one;
        product = V.Select(below, V.Select(twice, a * next, a), product);
        V productLow = V.Select(twice, V.FusedMultiplyAdd(a, next, -product) + a * (a - (next - one)), V.Create(T.Zero));
        V u = V.Select(below, V.Select(twice, a, a - one), t - V.Constant(2));
        V tail = typeof(T) == typeof(float) ? Single(u) : Double(u), first = V.Constant(typeof(T) == typeof(float) ? 0.42278432846069336 : 0.42278433509846713);
        V slope = V.FusedMultiplyAdd(tail, u, first), slopeLow = V.FusedMultiplyAdd(tail, u, first - slope);
        V near = u * slope, nearLow = V.FusedMultiplyAdd(u, slope, -near) + u * slopeLow;
        Wide<V, T> log = Pow<T>.Logarithm(product); // in two parts: near 1 the terms cancel
        V logLow = log.Low + productLow / product;
        V high = V.Select(below, -log.High, log.High), low = V.Select(below, -logLow, logLow);
        Wide<V, T> sum = Wide<V, T>.Sum(near, high);
        near = V.Select(V.Equal(product, V.Create(T.Zero)), V.Create(T.PositiveInfinity), sum.High + (sum.Low + (low + nearLow)));
        V y = V.Select(V.GreaterThan(x, V.Constant(8)), Stirling(V.Max(V.Constant(8), x)), near);
        return V.Select(V.LessThan(x, V.Create(T.PositiveInfinity)), y, x);
    }
}
