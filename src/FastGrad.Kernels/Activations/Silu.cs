using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>SiLU (swish): y = x·σ(x).</summary>
/// <remarks>
/// Elfwing, Uchibe and Doya 2017, arXiv:1702.03118. x/(1 + e⁻ˣ) with a denominator that is rounded once (<see cref="Logistic{V,T}"/>),
/// x·eˣ far out, where only the result is rounded into the denormals. Error below 1.6 ulp. −0 for x → −∞, x for x → ∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Silu<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool HasUsual => true;

    private static double Bound
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? 64 : 512;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual<V>(V x)
        where V : struct, ISimdVector<V, T> => V.AllLessThanOrEqual(V.Abs(x), V.Constant(typeof(T) == typeof(float) ? Logistic<V, T>.Bound : Bound));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Usual<V>(V x)
        where V : struct, ISimdVector<V, T> => Logistic<V, T>.WeightedNear(x, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V bound = V.Constant(Bound);
        V far = V.Select(V.LessThan(x, bound), ExpCore<V, T>.Weighted(V.Max(V.Constant(-1024), x)), x);
        V inside = V.Min(bound, V.Max(-bound, x));
        V near = Logistic<V, T>.Weighted(inside, inside);
        return V.Select(V.LessThanOrEqual(V.Abs(x), bound), near, far);
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
