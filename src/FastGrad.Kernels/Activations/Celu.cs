using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Continuously differentiable exponential linear unit: y = x for x &gt; 0, α·(e^(x/α) − 1) for x ≤ 0.</summary>
/// <remarks>
/// Barron 2017, arXiv:1704.07483. Error below 2 ulp. −α for x → −∞.
/// </remarks>
/// <param name="alpha">The scale α of the negative part; the usual value is 1.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Celu<T>(T alpha) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _alpha = alpha;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V zero = V.Create(T.Zero), alpha = V.Create(_alpha);
        V u = x / alpha;
        V rest = V.FusedMultiplyAdd(-u, alpha, x); // x = α·u + rest, so e^(x/α) = eᵘ·(1 + rest/α)
        rest = V.Select(V.LessThan(V.Abs(rest), V.Create(T.PositiveInfinity)), rest, zero);
        V y = Expm1<T>.Of(u);
        return V.Select(V.GreaterThan(x, zero), x, V.FusedMultiplyAdd(alpha, y, (V.Create(T.One) + y) * rest));
    }

    /// <summary>1 for x &gt; 0, e^(x/α) for x ≤ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(V.GreaterThan(x, V.Create(T.Zero)), V.Create(T.One), Exp<T>.Of(x / V.Create(_alpha)));
}
