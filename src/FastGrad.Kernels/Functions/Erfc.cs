using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>erfc x = 1 − erf x, with full relative accuracy in the positive tail.</summary>
/// <remarks>
/// e^(−x²)·erfcx|x|, where x² = h + l with h rounded and l its error: e^(−x²) = e^(−h)·(1 − l). For negative x, 2 less that.
/// Error below 4 ulp. 2 for x → −∞, 0 for x → ∞, NaN for NaN.
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
        V a = V.Min(V.Constant(32), V.Abs(x)); // erfc 32 is below the smallest denormal
        V h = a * a;
        V l = V.FusedMultiplyAdd(a, a, -h);
        V w = Erfcx<T>.Of(a);
        V tail = Exp<T>.Of(-h) * V.FusedMultiplyAdd(-l, w, w);
        return V.Select(V.LessThan(x, V.Create(T.Zero)), V.Constant(2) - tail, tail);
    }
}
