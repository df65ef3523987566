using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>σ(x) = 1 / (1 + e⁻ˣ), the logistic function.</summary>
/// <remarks>
/// In float the quotient as it stands, with a denominator that is rounded once (<see cref="Logistic{V,T}"/>), and eˣ − e²ˣ below −16, down to the denormals.
/// In double e/(1 + e) for negative and 1/(1 + e) for other x, e = e^−|x|; what rounding takes from 1 + e is given back.
/// Error below 1.6 ulp in float, 2 in double. 0 for x → −∞, 1 for x → ∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Sigmoid<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>σ(x) of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Sigmoid<T>), x);

    /// <summary>σ(x) of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Sigmoid<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>σ′ = e/(1 + e)² with e = e^−|x|. σ(1 − σ) from the output would have no digits where σ rounds to 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V e = Exp<T>.Of(-V.Abs(x));
        V d = V.Create(T.One) + e;
        return e / (d * d);
    }

    /// <inheritdoc/>
    public static bool HasUsual => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.AllLessThanOrEqual(V.Abs(x), V.Constant(Logistic<V, T>.Bound));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Usual<V>(V x)
        where V : struct, ISimdVector<V, T> => typeof(T) == typeof(float)
            ? Logistic<V, T>.WeightedNear(V.Create(T.One), x)
            : Corrected(x, ExpCore<V, T>.Normal(Negative(x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        if (typeof(T) != typeof(float))
            return Corrected(x, ExpCore<V, T>.Falling(Negative(x)));

        // Clamped to where the denominator is a normal number; below −16, e/(1 + e) = e − e² but for 2⁻⁴⁶.
        V least = V.Constant(-Logistic<V, T>.Bound);
        V near = Logistic<V, T>.WeightedNear(V.Create(T.One), V.Min(V.Constant(ExpCore<V, T>.Bound), V.Max(least, x)));
        V e = ExpCore<V, T>.SharpFalling(Negative(x));
        return V.Select(V.LessThan(x, least), V.FusedMultiplyAdd(-e, e, e), near);
    }

    // −|x|
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Negative<V>(V x)
        where V : struct, ISimdVector<V, T> => V.BitOr(x, V.Create(T.NegativeZero));

    // e/(1 + e) or 1/(1 + e), with what rounding takes from 1 + e given back.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Corrected<V>(V x, V e)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One);
        V d = one + e;
        V excess = (d - one) - e; // of d over 1 + e
        V y = V.Select(V.SignMask(x), e, one) / d;
        // 1/d ≈ 1 − e/2 is good to an eighth, of a correction of half an ulp.
        return V.FusedMultiplyAdd(y, excess * V.FusedMultiplyAdd(e, V.Constant(-0.5), one), y);
    }
}
