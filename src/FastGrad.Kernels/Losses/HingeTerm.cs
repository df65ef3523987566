using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>f(m) = max(0, c − m): nothing once the margin m is at least c.</summary>
/// <remarks>Convex, not smooth: the slope jumps from −1 to 0 at m = c, where it is 0. One rounding.</remarks>
/// <param name="margin">The margin c that is asked for.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct HingeTerm<T>(T margin) : IUnaryOperator<T>
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
        where V : struct, IArithmetic<V, T> => V.Max(V.Create(_margin) - x, V.Create(T.Zero));

    /// <summary>−1 for m &lt; c, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> =>
        V.Select(V.LessThan(x, V.Create(_margin)), V.Create(T.NegativeOne), V.Create(T.Zero));
}
