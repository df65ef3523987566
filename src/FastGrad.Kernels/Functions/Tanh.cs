using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>tanh x.</summary>
/// <remarks>
/// −E/(2 + E) with E = e^(−2|x|) − 1, and the sign of x.
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
        V a = V.Abs(x);
        V e = Expm1<T>.Of(-(a + a));
        return V.CopySign(e / (V.Constant(2) + e), x);
    }
}
