using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>erfcx |x| = e^(x²)·erfc|x|, the scaled complementary error function, as an even function.</summary>
/// <remarks>
/// What is left of erfc once the exponential is taken out: a slow, positive function, 1 at 0 and 1/(|x|√π) far out.
/// r·P(t) with r = 1/(|x| + 2), t = 1 − 4r, for all |x| in one piece; P is a minimax fit (exchange algorithm in 50 digits), relative error
/// 2^−25.6 (float) and 2^−54.5 (double) with rounded coefficients. Error below 3 ulp. 0 for ±∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Erfcx<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>erfcx |x| of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Erfcx<T>), x);

    /// <summary>erfcx |x| of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Erfcx<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>d/dx erfcx|x| = ±(2|x|·erfcx|x| − 2/√π), + for x ≥ 0; relative to 1, since the terms cancel far out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V a = V.Abs(x);
        V rise = V.FusedMultiplyAdd(a + a, Of(a), V.Constant(-1.1283791670955126)); // 2/√π
        return V.Select(V.LessThan(x, V.Create(T.Zero)), -rise, rise);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Abs(x);
        V two = V.Constant(2);
        V d = a + two;
        V lost = a - (d - two); // a + 2 = d + lost, where it matters (a < 2)
        V r = V.Create(T.One) / d;
        r = V.Select(V.LessThan(a, two), V.FusedMultiplyAdd(r * r, -lost, r), r);
        V t = V.FusedMultiplyAdd(V.Constant(-4), r, V.Create(T.One));
        return r * (typeof(T) == typeof(float) ? Single(t) : Double(t));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single<V>(V t)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(-4.039125997223891e-06);
        p = V.FusedMultiplyAdd(p, t, V.Constant(8.591780351707712e-05));
        p = V.FusedMultiplyAdd(p, t, V.Constant(8.407221321249381e-05));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.0006027308409102261));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.0008719117031432688));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.0030617581214755774));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.006491362117230892));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.021504469215869904));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.03644409403204918));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.27947160601615906));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.6871606111526489));
        p = V.FusedMultiplyAdd(p, t, V.Constant(1.0215827226638794));
        return p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V t)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(4.03419948952827e-10);
        p = V.FusedMultiplyAdd(p, t, V.Constant(2.4984452502450766e-09));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-6.225297841152843e-10));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-2.0059855953590032e-08));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-1.8154171661777326e-08));
        p = V.FusedMultiplyAdd(p, t, V.Constant(5.971626415533982e-08));
        p = V.FusedMultiplyAdd(p, t, V.Constant(1.2466423098542217e-07));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-6.115295702045889e-09));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-3.404878935678844e-07));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-5.681773619330161e-07));
        p = V.FusedMultiplyAdd(p, t, V.Constant(1.4293629459122143e-08));
        p = V.FusedMultiplyAdd(p, t, V.Constant(1.999723281202043e-06));
        p = V.FusedMultiplyAdd(p, t, V.Constant(3.6372699102815476e-06));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-1.1245835087502722e-06));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-1.6118478822644448e-05));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-2.1696471025053438e-05));
        p = V.FusedMultiplyAdd(p, t, V.Constant(3.414826976617324e-05));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.0001444707822382716));
        p = V.FusedMultiplyAdd(p, t, V.Constant(3.437154218449513e-05));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.000663073507038928));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.0008372960735136347));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.0030906120591365966));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.006479185068374327));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.02151066188947857));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.036442231506895774));
        p = V.FusedMultiplyAdd(p, t, V.Constant(0.2794720925560546));
        p = V.FusedMultiplyAdd(p, t, V.Constant(-0.6871606844138105));
        p = V.FusedMultiplyAdd(p, t, V.Constant(1.021582705242023));
        return p;
    }
}
