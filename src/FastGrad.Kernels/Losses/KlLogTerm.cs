using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>ℓ = eʸ·(y − x): a term of the Kullback-Leibler divergence between distributions with log probabilities y and x.</summary>
/// <remarks>Affine in x. As torch.nn.KLDivLoss with log_target.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct KlLogTerm<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => Exp<T>.Of(y) * (y - x);

    /// <summary>−d·eʸ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => -(d * Exp<T>.Of(y));

    /// <summary>d·eʸ·(y − x + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * (Exp<T>.Of(y) * (y - x + V.Create(T.One)));
}
