using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>|x|·Q|x|, where Q is the upper tail of the standard normal distribution: what GELU lacks from max(x, 0).</summary>
/// <remarks>
/// <see cref="NormalTail{T}"/> in two parts times e^(−x²/2) by <see cref="GaussianTail{V,T}"/>, times |x|, and scaled last: two roundings fewer than the
/// product with <see cref="Gaussian{T}"/>. Error below 2 ulp down to the denormals. 0 for ±0 and ±∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct WeightedTail<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>|x|·Q|x| of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(WeightedTail<T>), x);

    /// <summary>|x|·Q|x| of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(WeightedTail<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>±(Q|x| − |x|·φ(x)), + for x ≥ 0, with φ(x) = e^(−x²/2)/√(2π). Relative to 0.1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V slope = FallOff(x);
        return V.Select(V.LessThan(x, V.Create(T.Zero)), -slope, slope);
    }

    /// <summary>Q|x| − |x|·φ(x): the derivative for x ≥ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V FallOff<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V a = V.Min(V.Constant(64), V.Abs(x)); // all is 0 beyond; an infinity must not meet it
        return V.FusedMultiplyAdd(a, V.Constant(-0.3989422804014327), NormalTail<T>.Of(a)) * Gaussian<T>.Of(a); // 1/√(2π)
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Min(V.Constant(typeof(T) == typeof(float) ? TailTable<V, T>.Limit : 39), V.Abs(x)); // beyond, the result is below half the smallest denormal
        return V.ScaleB(Scaled(a, out V n), n); // the product with a is as small as x only where n = 0, so the scaling is exact or rounds once
    }

    /// <summary>The bound up to which <see cref="Normal{V}"/> holds: neither factor leaves the normal numbers.</summary>
    internal static double Bound
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? 12.5 : 36;
    }

    /// <summary>|x|·Q|x| for |x| ≤ <see cref="Bound"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Normal<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V y = Scaled(V.Abs(x), out V n);
        return y * V.PowerOfTwo(n);
    }

    // a·Q(a) = y·2ⁿ
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Scaled<V>(V a, out V n)
        where V : struct, ISimdVector<V, T>
    {
        V half = V.Constant(0.5) * a;
        V h = half * a;
        V w, rest;
        if (typeof(T) == typeof(float))
        {
            w = TailTable<V, T>.Parts(a, out rest);
        }
        else
        {
            V d = a + V.Constant(4);
            w = NormalTail<T>.FromDenominator(d, a - (d - V.Constant(4)), out rest);
        }
        V q = GaussianTail<V, T>.Scaled(w, rest, h, V.FusedMultiplyAdd(half, a, -h), out n, out V lost);
        return V.FusedMultiplyAdd(a, q, a * lost);
    }
}
