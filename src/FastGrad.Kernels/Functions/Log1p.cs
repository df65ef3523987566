using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>log(1 + x), with full relative accuracy near 0.</summary>
/// <remarks>
/// 1 + x = u + c exactly (Knuth's sum); u = 2ᵏ·m; f = (m − 1) + c·2⁻ᵏ, which is x itself where k = 0.
/// Error below 1.5 ulp. −∞ for −1, NaN below, ∞ for ∞, ±0 for ±0, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Log1p<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>log(1 + x) of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Log1p<T>), x);

    /// <summary>log(1 + x) of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Log1p<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>(log(1 + x))′ = 1/(1 + x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Create(T.One) / (V.Create(T.One) + x);

    /// <inheritdoc/>
    public static bool HasUsual => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.AllPositiveNormal(V.Create(T.One) + x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Usual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.CopySign(Finite(x), x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One);
        V infinity = V.Create(T.PositiveInfinity);
        V y = V.Select(V.LessThan(x, infinity), Finite(x), x); // ∞ and NaN
        y = V.Select(V.Equal(x, -one), -infinity, y);
        y = V.Select(V.LessThan(x, -one), V.Create(T.NaN), y);
        return V.CopySign(y, x);
    }

    /// <summary>log(1 + x) for −1 &lt; x &lt; ∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Finite<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One);
        V u = one + x;
        V back = u - one;
        V c = (one - (u - back)) + (x - back);
        return LogCore<V, T>.OfSum(u, c);
    }
}
