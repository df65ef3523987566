using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>eˣ.</summary>
/// <remarks>
/// x = n·ln 2 + r with |r| ≤ ½ ln 2, ln 2 in two parts so that n·ln 2 leaves r exact to the last digits; eʳ by a polynomial; then a
/// scaling by 2ⁿ that rounds once into the denormals. eˣ = 0 for x → −∞, ∞ for x → ∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Exp<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Output;

    /// <summary>eˣ of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Exp<T>), x);

    /// <summary>eˣ of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Exp<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>(eˣ)′ = eˣ = y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T> => typeof(T) == typeof(float) ? Single(x) : Double(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        // Clamped so that n stays in ScaleB's range. The constant is the first operand: the second, x, comes through where it is NaN.
        V c = V.Min(V.Constant(100), V.Max(V.Constant(-120), x));
        V n = V.Round(c * V.Constant(1.4426950408889634));
        V r = V.FusedMultiplyAdd(n, V.Constant(-0.693145751953125), c);        // 11 bits of ln 2
        r = V.FusedMultiplyAdd(n, V.Constant(-1.4286068203094172e-06), r);     // the rest of ln 2
        V p = V.Constant(1.0 / 5040);
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 720));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 120));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 24));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 6));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.5));
        p = V.FusedMultiplyAdd(p * r, r, r) + V.Create(T.One);
        return V.ScaleB(p, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V c = V.Min(V.Constant(720), V.Max(V.Constant(-760), x));
        V n = V.Round(c * V.Constant(1.4426950408889634));
        V r = V.FusedMultiplyAdd(n, V.Constant(-6.93147180369123816490e-01), c);
        r = V.FusedMultiplyAdd(n, V.Constant(-1.90821492927058770002e-10), r);
        V p = V.Constant(1.0 / 6227020800);
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 479001600));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 39916800));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 3628800));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 362880));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 40320));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 5040));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 720));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 120));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 24));
        p = V.FusedMultiplyAdd(p, r, V.Constant(1.0 / 6));
        p = V.FusedMultiplyAdd(p, r, V.Constant(0.5));
        p = V.FusedMultiplyAdd(p * r, r, r) + V.Create(T.One);
        return V.ScaleB(p, n);
    }
}
