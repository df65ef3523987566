using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>f(e) = ½e² for |e| ≤ δ, δ·(|e| − ½δ) beyond: squared near 0, linear for outliers.</summary>
/// <remarks>
/// Huber 1964, "Robust estimation of a location parameter". Convex, with slope within ±δ and curvature at most 1: smooth with constant 1,
/// not strongly convex. Error below 1.5 ulp. As torch.nn.HuberLoss.
/// </remarks>
/// <param name="delta">The bend δ &gt; 0.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct HuberTerm<T>(T delta) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _delta = delta;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V size = V.Abs(x), delta = V.Create(_delta), half = V.Constant(0.5);
        return V.Select(V.GreaterThan(size, delta), delta * (size - half * delta), half * x * x);
    }

    /// <summary>e, held within ±δ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> =>
        V.Select(V.GreaterThan(V.Abs(x), V.Create(_delta)), V.CopySign(V.Create(_delta), x), x);
}
