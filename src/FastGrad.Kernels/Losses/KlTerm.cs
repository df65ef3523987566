using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>ℓ = y·(log y − x): a term of the Kullback-Leibler divergence of the distribution y from the one with log probabilities x.</summary>
/// <remarks>Affine in x, convex in y ≥ 0. 0 for y = 0. As torch.nn.KLDivLoss.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct KlTerm<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T>
    {
        V zero = V.Create(T.Zero);
        return V.Select(V.GreaterThan(y, zero), y * (Log<T>.Of(y) - x), zero * y);
    }

    /// <summary>−d·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => -(d * y);

    /// <summary>d·(log y − x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * (Log<T>.Of(y) - x + V.Create(T.One));
}
