using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>f(e) = ½e²/β for |e| &lt; β, |e| − ½β beyond: the absolute error with its kink rounded off.</summary>
/// <remarks>
/// Girshick 2015, "Fast R-CNN", arXiv:1504.08083. It is Huber's function over β, with slope within ±1 and curvature at most 1/β: convex,
/// smooth with constant 1/β. Error below 2 ulp. As torch.nn.SmoothL1Loss.
/// </remarks>
/// <param name="beta">The bend β &gt; 0.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct SmoothL1Term<T>(T beta) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _beta = beta;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V size = V.Abs(x), beta = V.Create(_beta), half = V.Constant(0.5);
        return V.Select(V.LessThan(size, beta), half * x * x / beta, size - half * beta);
    }

    /// <summary>e/β, held within ±1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> =>
        V.Select(V.LessThan(V.Abs(x), V.Create(_beta)), x / V.Create(_beta), V.CopySign(V.Create(T.One), x));
}
