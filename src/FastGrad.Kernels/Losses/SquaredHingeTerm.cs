using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>f(m) = max(0, c − m)²: the hinge without its kink.</summary>
/// <remarks>Convex, with curvature 2 for m &lt; c and 0 beyond: smooth with constant 2, not strongly convex. Error below 2 ulp.</remarks>
/// <param name="margin">The margin c that is asked for.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct SquaredHingeTerm<T>(T margin) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _margin = margin;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V missing = V.Max(V.Create(_margin) - x, V.Create(T.Zero));
        return missing * missing;
    }

    /// <summary>−2·max(0, c − m).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Constant(-2) * V.Max(V.Create(_margin) - x, V.Create(T.Zero));
}
