using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>SiLU (swish): y = x·σ(x).</summary>
/// <remarks>
/// Elfwing, Uchibe and Doya 2017, arXiv:1702.03118. Spelled x·eˣ/(1 + eˣ) for negative x, where x·σ(x) would lose digits.
/// Far out the exponential is taken of x + s and e⁻ˢ multiplied last, so that only the result is rounded into the denormals.
/// Error below 4 ulp. −0 for x → −∞, x for x → ∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Silu<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool HasUsual => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.AllLessThanOrEqual(V.Abs(x), V.Constant(typeof(T) == typeof(float) ? 64 : 512));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Usual<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Abs(x);
        V e = ExpCore<V, T>.Normal(-a);
        return V.Select(V.LessThan(x, V.Create(T.Zero)), -a * e, x) / (e + V.Create(T.One));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One);
        V far = V.LessThan(x, V.Constant(typeof(T) == typeof(float) ? -64 : -512));
        V shift = V.Select(far, V.Constant(64), V.Create(T.Zero));
        V back = V.Select(far, V.Constant(1.603810890548638e-28), one); // e⁻⁶⁴
        V a = V.Min(V.Constant(1024), V.Abs(x)); // e^−1024 is 0; an infinity must not meet it
        V e = Exp<T>.Of(shift - a);
        V d = V.FusedMultiplyAdd(e, back, one);
        return V.Select(V.LessThan(x, V.Create(T.Zero)), -a * e, x) / d * back;
    }

    /// <summary>σ(x)·(1 + x·(1 − σ(x))), by e = e^−|x|: (1 + e + x·e)/(1 + e)² for x ≥ 0, e·(1 + e + x)/(1 + e)² for x &lt; 0. Relative to max(|y′|, 0.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V a = V.Min(V.Constant(1024), V.Abs(x));
        V e = Exp<T>.Of(-a);
        V d = V.Create(T.One) + e;
        V slope = V.Select(V.LessThan(x, V.Create(T.Zero)), e * (d - a), V.FusedMultiplyAdd(a, e, d));
        return slope / (d * d);
    }
}
