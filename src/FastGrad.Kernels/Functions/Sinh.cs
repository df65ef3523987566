using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>sinh x.</summary>
/// <remarks>
/// x + x³P(x²) for |x| &lt; 1, with a minimax P (exchange algorithm in 50 digits, relative error 2^−34.2 and 2^−73.7 of the result);
/// ½e^|x| − ½e^−|x| beyond, from one exponential that is halved in its exponent, so that it overflows only where the result does.
/// Error below 2 ulp. ±∞ for x → ±∞, ±0 for ±0, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Sinh<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>sinh x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Sinh<T>), x);

    /// <summary>sinh x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Sinh<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>sinh′ x = cosh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => Cosh<T>.Of(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Abs(x);
        V z = a * a;
        V near = V.FusedMultiplyAdd(a * z, typeof(T) == typeof(float) ? Single(z) : Double(z), a);
        V half = ExpPolynomial<V, T>.Half(V.Min(V.Constant(typeof(T) == typeof(float) ? 100 : 720), a));
        V far = half - V.Constant(0.25) / half;
        return V.CopySign(V.Select(V.LessThan(a, V.Create(T.One)), near, far), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(2.8170115911052562e-06);
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0001983614929486066));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.008333350531756878));
        return V.FusedMultiplyAdd(p, z, V.Constant(0.1666666716337204));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(2.8482688592952497e-15);
        p = V.FusedMultiplyAdd(p, z, V.Constant(7.646481576442301e-13));
        p = V.FusedMultiplyAdd(p, z, V.Constant(1.60590506207954e-10));
        p = V.FusedMultiplyAdd(p, z, V.Constant(2.5052108346360335e-08));
        p = V.FusedMultiplyAdd(p, z, V.Constant(2.7557319224116903e-06));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.000198412698412696));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.008333333333333333));
        return V.FusedMultiplyAdd(p, z, V.Constant(0.16666666666666666));
    }
}
