using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>eˣ.</summary>
/// <remarks>
/// x = n·ln 2 + r, eʳ by a polynomial (<see cref="ExpPolynomial{V,T}"/>), then a scaling by 2ⁿ that rounds once into the denormals.
/// Error below 1.1 ulp. 0 for x → −∞, ∞ for x → ∞, NaN for NaN.
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
        where V : struct, ISimdVector<V, T>
    {
        // Clamped so that n stays in ScaleB's range. The constant is the first operand: the second, x, comes through where it is NaN.
        V low = V.Constant(typeof(T) == typeof(float) ? -120 : -760);
        V high = V.Constant(typeof(T) == typeof(float) ? 100 : 720);
        V r = ExpPolynomial<V, T>.Reduce(V.Min(high, V.Max(low, x)), out V n);
        return V.ScaleB(ExpPolynomial<V, T>.Minus1(r) + V.Create(T.One), n);
    }
}
