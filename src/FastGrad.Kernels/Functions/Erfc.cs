using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>erfc x = 1 − erf x, with full relative accuracy in the positive tail.</summary>
/// <remarks>
/// 2Q(|x|√2) by <see cref="NormalTail{T}"/> and e^(−x²) with x² in two parts, multiplied by <see cref="GaussianTail{V,T}"/>. For negative x, 2 less that.
/// Error below 2 ulp. 2 for x → −∞, 0 for x → ∞, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Erfc<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>erfc x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Erfc<T>), x);

    /// <summary>erfc x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Erfc<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>erfc′ x = −2/√π·e^(−x²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => -default(Erf<T>).Derivative(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Min(V.Constant(typeof(T) == typeof(float) ? 10.6 : 28), V.Abs(x)); // beyond, erfc is below half the smallest denormal
        V h = a * a;
        V root = V.Constant(1.4142135623730951); // √2, and what its rounding leaves
        V rootLow = V.Constant(typeof(T) == typeof(float) ? 2.420323420895794e-08 : -9.667293313452913e-17);
        V w, rest;
        if (typeof(T) == typeof(float))
        {
            V t = a * root;
            w = TailTable<V, T>.Parts(t, V.FusedMultiplyAdd(a, rootLow, V.FusedMultiplyAdd(a, root, -t)), out rest);
        }
        else
        {
            V d = V.FusedMultiplyAdd(a, root, V.Constant(4));
            w = NormalTail<T>.FromDenominator(d, V.FusedMultiplyAdd(a, rootLow, V.FusedMultiplyAdd(a, root, V.Constant(4) - d)), out rest);
        }
        V tail = GaussianTail<V, T>.Scaled(w + w, rest + rest, h, V.FusedMultiplyAdd(a, a, -h), out V n, out _);
        tail = V.ScaleB(tail, n);
        return V.Select(V.LessThan(x, V.Create(T.Zero)), V.Constant(2) - tail, tail);
    }
}
