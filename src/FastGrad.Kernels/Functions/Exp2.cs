using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>2ˣ.</summary>
/// <remarks>
/// x = n + f with |f| ≤ ½; 2ᶠ by the polynomial of <see cref="ExpPolynomial{V,T}"/> at f·ln 2, then a scaling by 2ⁿ that rounds once into the denormals.
/// Error below 1.2 ulp; exact for integers. 0 for x → −∞, ∞ for x → ∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Exp2<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Output;

    /// <summary>2ˣ of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Exp2<T>), x);

    /// <summary>2ˣ of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Exp2<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>(2ˣ)′ = 2ˣ·ln 2 = y·ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => y * V.Constant(0.6931471805599453);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V low = V.Constant(typeof(T) == typeof(float) ? -160 : -1100);
        V high = V.Constant(typeof(T) == typeof(float) ? 140 : 1040);
        V t = V.Min(high, V.Max(low, x));
        V n = V.Round(t);
        V r = (t - n) * V.Constant(0.6931471805599453);
        return V.ScaleB(ExpPolynomial<V, T>.Minus1(r) + V.Create(T.One), n);
    }
}
