using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>f(e) = (1 − τ)·e for e &gt; 0, −τ·e for e ≤ 0: whose expectation is least at the τ-quantile, for e = prediction − target.</summary>
/// <remarks>
/// Koenker and Bassett 1978, "Regression quantiles". Convex, not smooth: the slope jumps by 1 at 0, where it is 0 here. One rounding.
/// </remarks>
/// <param name="level">The level τ, between 0 and 1; ½ gives half the absolute error.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct PinballTerm<T>(T level) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _level = level;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V level = V.Create(_level);
        return V.Select(V.GreaterThan(x, V.Create(T.Zero)), (V.Create(T.One) - level) * x, -(level * x));
    }

    /// <summary>1 − τ for e &gt; 0, −τ for e &lt; 0, 0 at the kink.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V zero = V.Create(T.Zero), level = V.Create(_level);
        return V.Select(V.GreaterThan(x, zero), V.Create(T.One) - level, V.Select(V.LessThan(x, zero), -level, zero));
    }
}
