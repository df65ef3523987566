using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>artanh x = ½·log((1 + x)/(1 − x)).</summary>
/// <remarks>
/// x + x³P(x²) for |x| &lt; ½, with a minimax P (exchange algorithm in 50 digits, relative error 2^−29.4 and 2^−60.9 of the result);
/// beyond, half the logarithm of 2/(1 − |x|) − 1 in two parts (<see cref="LogCore{V,T}"/>). Error below 2 ulp. ±∞ at ±1, NaN beyond and for NaN, ±0 for ±0.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Atanh<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>artanh x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Atanh<T>), x);

    /// <summary>artanh x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Atanh<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>artanh′ x = 1/((1 − x)(1 + x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Create(T.One) / ((V.Create(T.One) - x) * (V.Create(T.One) + x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One);
        V a = V.Abs(x);
        V z = a * a;
        V near = V.FusedMultiplyAdd(a * z, typeof(T) == typeof(float) ? Single(z) : Double(z), a);
        V gap = one - V.Min(V.Create(FloatFormat<T>.BelowOne), a); // exact for a ≥ ½
        Wide<V, T> ratio = Wide<V, T>.Quotient(V.Constant(2), new(gap, V.Create(T.Zero))) + -one;
        V far = V.Constant(0.5) * LogCore<V, T>.OfSum(ratio.High, ratio.Low);
        V y = V.Select(V.LessThan(a, V.Constant(0.5)), near, far);
        y = V.Select(V.Equal(a, one), V.Create(T.PositiveInfinity), y);
        y = V.Select(V.GreaterThan(a, one), V.Create(T.NaN), y);
        return V.CopySign(y, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(0.1767520308494568);
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.051317308098077774));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.11824744939804077));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.14222648739814758));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.20002523064613342));
        return V.FusedMultiplyAdd(p, z, V.Constant(0.33333298563957214));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(0.23943735572485203);
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.19313251401648882));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.17257842211759836));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.004231405879426475));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.05922615779901804));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.050651985368376));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.05906352232616634));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.06664601852945314));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.07692431809204));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.09090904040875962));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.1111111124285655));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.14285714283704815));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.20000000000015092));
        return V.FusedMultiplyAdd(p, z, V.Constant(0.333333333333333));
    }
}
