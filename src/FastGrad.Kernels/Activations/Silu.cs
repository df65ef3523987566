using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>SiLU (swish): y = x·σ(x).</summary>
/// <remarks>
/// Elfwing, Uchibe and Doya 2017, arXiv:1702.03118. Spelled x·eˣ/(1 + eˣ) for negative x, where x·σ(x) would lose digits.
/// Limits: 0 for x → −∞, x for x → ∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Silu<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One);
        V e = Exp<T>.Of(-V.Abs(x));
        return V.Select(V.LessThan(x, V.Create(T.Zero)), x * e, x) / (one + e);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => Dual.Derivative<Silu<T>, V, T>(this, x);
}
