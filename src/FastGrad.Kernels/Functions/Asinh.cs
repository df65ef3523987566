using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>arsinh x = log(x + √(x² + 1)).</summary>
/// <remarks>
/// x + x³P(x²) for |x| &lt; ½, with a minimax P (exchange algorithm in 50 digits, relative error 2^−34.1 and 2^−64.7 of the result);
/// beyond, the logarithm of the sum in two parts (<see cref="LogCore{V,T}"/>); log 2|x| where x² + 1 is x². Error below 2 ulp. ±∞ for x → ±∞, ±0 for ±0, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Asinh<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>arsinh x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Asinh<T>), x);

    /// <summary>arsinh x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Asinh<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>arsinh′ x = 1/√(x² + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        // Beyond 10¹⁸ in either format x² + 1 is x², which overflows in float.
        V a = V.Min(V.Constant(1e18), V.Abs(x));
        V near = V.Create(T.One) / V.Sqrt(V.FusedMultiplyAdd(a, a, V.Create(T.One)));
        return V.Select(V.LessThan(V.Abs(x), V.Constant(1e18)), near, V.Create(T.One) / V.Max(V.Create(T.One), V.Abs(x)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Abs(x);
        V z = a * a;
        V near = V.FusedMultiplyAdd(a * z, typeof(T) == typeof(float) ? Single(z) : Double(z), a);
        V huge = V.Constant(typeof(T) == typeof(float) ? 65536 : 1099511627776); // 2¹⁶, 2⁴⁰
        V b = V.Min(huge, a);
        Wide<V, T> root = Wide<V, T>.Root(Wide<V, T>.Product(b, b) + V.Create(T.One));
        Wide<V, T> sum = root + b;
        V far = LogCore<V, T>.OfSum(sum.High, sum.Low);
        V y = V.Select(V.LessThan(a, V.Constant(0.5)), near, V.Select(V.LessThan(a, huge), far, LogCore<V, T>.OfTwice(V.Max(V.Create(T.One), a))));
        return V.CopySign(V.Select(V.LessThan(a, V.Create(T.PositiveInfinity)), y, a), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(0.009165773168206215);
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.019978677853941917));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.030012628063559532));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.04461321234703064));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0749988928437233));
        return V.FusedMultiplyAdd(p, z, V.Constant(-0.1666666567325592));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(-0.0013677096364246642);
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.00393014878560276));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.006328798469671961));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.008123132708989374));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.009710264094508498));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.011544770670124967));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.01396416062664825));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.017352718072079908));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.022372156962466725));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.030381944381716985));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.044642857141772886));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0749999999999907));
        return V.FusedMultiplyAdd(p, z, V.Constant(-0.16666666666666663));
    }
}
