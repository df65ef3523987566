using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>e^(−x²/2), the bell curve.</summary>
/// <remarks>
/// x²/2 = h + l with h rounded and l its error, which joins the reduced argument of the exponential: so the far tail keeps its digits, where
/// e^(−h) alone would be x²/4 ulp off. Error below 1.2 ulp. 0 for ±∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Gaussian<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>e^(−x²/2) of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Gaussian<T>), x);

    /// <summary>e^(−x²/2) of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Gaussian<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>(e^(−x²/2))′ = −x·e^(−x²/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => -Bounded(x) * Of(x);

    // Where the bell is 0 an infinity must not meet it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Bounded<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Min(V.Constant(64), V.Max(V.Constant(-64), x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Min(V.Constant(typeof(T) == typeof(float) ? 15 : 39), V.Abs(x)); // beyond, the result is below half the smallest denormal
        V half = V.Constant(0.5) * a;
        V h = half * a;
        return ExpCore<V, T>.SharpEvery(-h, -V.FusedMultiplyAdd(half, a, -h));
    }
}
