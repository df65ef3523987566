using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>y = x − tanh x.</summary>
/// <remarks>
/// x³·P(x²) for |x| &lt; 1, where the difference would cancel, with a minimax P (exchange algorithm in 50 digits, relative error 2^−27.2 and 2^−56.7);
/// (|x| − 1) + 2e/(1 + e) with e = e^(−2|x|) beyond, each in two parts. Error below 2 ulp. ±0 for ±0, ±∞ for ±∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct TanhShrink<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>tanh² x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V t = Tanh<T>.Of(x);
        return t * t;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Abs(x), one = V.Create(T.One), limit = V.Constant(1152921504606846976); // 2⁶⁰: beyond, y = x
        V y = V.Select(V.LessThan(a, one), Near(V.Min(one, a)), Far(V.Min(limit, a)));
        return V.CopySign(V.Select(V.LessThan(a, limit), y, a), x);
    }

    // (a − 1) + 2e/(1 + e)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Far<V>(V a)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One), b = V.Min(V.Constant(20), a);
        V scale = ExpCore<V, T>.NormalParts(-(b + b), out V p);
        V e = V.FusedMultiplyAdd(scale, p, scale), eLow = V.FusedMultiplyAdd(scale, p, scale - e);
        V d = one + e, dLow = e - (d - one) + eLow;
        V r = one / d, twice = e + e;
        V q = twice * r;
        V qLow = (V.FusedMultiplyAdd(-q, d, twice) + V.FusedMultiplyAdd(-q, dLow, eLow + eLow)) * r;
        Wide<V, T> whole = Wide<V, T>.Quick(a, V.Create(T.NegativeOne));
        Wide<V, T> sum = Wide<V, T>.Sum(whole.High, q);
        return sum.High + (sum.Low + (whole.Low + qLow));
    }

    // a³·(⅓ + z·Q(z)), z = a²
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Near<V>(V a)
        where V : struct, ISimdVector<V, T>
    {
        V z = a * a, zLow = V.FusedMultiplyAdd(a, a, -z);
        V cube = a * z, cubeLow = V.FusedMultiplyAdd(a, z, -cube) + a * zLow;
        V third = V.Constant(1.0 / 3), thirdLow = V.Constant(typeof(T) == typeof(float) ? -9.934107758624577e-09 : 1.850371707708594e-17);
        V tail = z * (typeof(T) == typeof(float) ? Single(z) : Double(z));
        V p = third + tail, pLow = third - p + tail + thirdLow;
        return V.FusedMultiplyAdd(cube, p, V.FusedMultiplyAdd(cube, pLow, cubeLow * p));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(4.910057032248005e-05);
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0003403856244403869));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0012468803906813264));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.003482772735878825));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.008828568272292614));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.02186327427625656));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.05396770313382149));
        return V.FusedMultiplyAdd(p, z, V.Constant(-0.13333331048488617));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(-2.916938357801726e-09);
        p = V.FusedMultiplyAdd(p, z, V.Constant(3.339851175666628e-08));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-1.9025159914472106e-07));
        p = V.FusedMultiplyAdd(p, z, V.Constant(7.389160724955663e-07));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-2.2798399546621587e-06));
        p = V.FusedMultiplyAdd(p, z, V.Constant(6.180292575232991e-06));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-1.57484462876771e-05));
        p = V.FusedMultiplyAdd(p, z, V.Constant(3.9195597219183964e-05));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-9.688456370635924e-05));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.00023912040483058434));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0005900256063985041));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0014558341065524913));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0035921280066228646));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.008863235527794971));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.021869488536066097));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.05396825396825206));
        return V.FusedMultiplyAdd(p, z, V.Constant(-0.13333333333333333));
    }
}
