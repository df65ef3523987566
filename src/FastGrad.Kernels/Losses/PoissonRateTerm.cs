using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>ℓ = x − y·log(x + ε): the negative log likelihood of the count y at the rate x ≥ 0, without the term log y!.</summary>
/// <remarks>Convex in x, with curvature y/(x + ε)². As torch.nn.PoissonNLLLoss without log_input.</remarks>
/// <param name="epsilon">What keeps the logarithm finite at x = 0.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct PoissonRateTerm<T>(T epsilon) : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _epsilon = epsilon;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => x - y * Log<T>.Of(x + V.Create(_epsilon));

    /// <summary>d·(1 − y/(x + ε)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * (V.Create(T.One) - y / (x + V.Create(_epsilon)));

    /// <summary>−d·log(x + ε).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => -(d * Log<T>.Of(x + V.Create(_epsilon)));
}
