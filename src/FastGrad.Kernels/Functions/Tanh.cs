using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>tanh x.</summary>
/// <remarks>
/// x + x³·P(x²) for |x| &lt; 0.55, with a minimax P (exchange algorithm in 50 digits, relative error 2^−29.5 and 2^−60.6 of the result);
/// 1 − 2e/(1 + e) with e = e^(−2|x|) beyond, where tanh x ≥ ½ and so the last subtraction rounds all else away.
/// Error below 2 ulp. ±1 for x → ±∞, ±0 for ±0, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Tanh<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>tanh x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Tanh<T>), x);

    /// <summary>tanh x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Tanh<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>sech² x = 4e/(1 + e)² with e = e^(−2|x|). 1 − y² from the output would have no digits where y rounds to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V a = V.Abs(x);
        V e = Exp<T>.Of(-(a + a));
        V d = V.Create(T.One) + e;
        return V.Constant(4) * e / (d * d);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One);
        V a = V.Abs(x);
        V z = a * a;
        V small = V.FusedMultiplyAdd(a * z, typeof(T) == typeof(float) ? Single(z) : Double(z), a);
        V b = V.Min(V.Constant(20), a); // tanh 20 rounds to 1
        V e = ExpCore<V, T>.Normal(-(b + b));
        V large = one - (e + e) / (one + e);
        return V.CopySign(V.Select(V.LessThan(a, V.Constant(0.55)), small, large), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(-0.00625633867457509);
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.021056316792964935));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.05384804680943489));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.13332544267177582));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.33333316445350647));
        return p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(-1.948879731555344e-05);
        p = V.FusedMultiplyAdd(p, z, V.Constant(8.330676196712951e-05));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.00023337469236557064));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0005884417350309554));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0014555421643207339));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0035920919226594497));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.00886323259059794));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.021869488385185768));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.053968253963737035));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.1333333333332658));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.333333333333333));
        return p;
    }
}
