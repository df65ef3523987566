using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>eˣ − 1, with full relative accuracy near 0.</summary>
/// <remarks>
/// x = n·ln 2 + r and p = eʳ − 1 by a polynomial; then 2ⁿ·p + (2ⁿ − 1), with half the power so that it cannot overflow before the result.
/// Error below 2 ulp. −1 for x → −∞, ∞ for x → ∞, ±0 for ±0, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Expm1<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>eˣ − 1 of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Expm1<T>), x);

    /// <summary>eˣ − 1 of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Expm1<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>(eˣ − 1)′ = eˣ, which y + 1 could not give for very negative x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => Exp<T>.Of(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V low = V.Constant(typeof(T) == typeof(float) ? -24 : -48); // there eˣ − 1 rounds to −1
        V high = V.Constant(typeof(T) == typeof(float) ? 89 : 710);
        V r = ExpPolynomial<V, T>.Reduce(V.Min(high, V.Max(low, x)), out V n);
        V p = ExpPolynomial<V, T>.Minus1(r);
        V half = V.PowerOfTwo(n - V.Create(T.One));
        V y = V.FusedMultiplyAdd(half, p, half - V.Constant(0.5));
        y = V.Select(V.Equal(n, V.Create(T.Zero)), p, y + y); // p itself: halving would round denormals
        return V.CopySign(y, x);
    }
}
