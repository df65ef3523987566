using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Rectified linear unit with a learned slope a = y: z = x for x &gt; 0, a·x for x ≤ 0.</summary>
/// <remarks>
/// He et al. 2015, arXiv:1502.01852. One rounding. The slope at 0 is a, as in PyTorch.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct PRelu<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Select(V.GreaterThan(x, V.Create(T.Zero)), x, y * x);

    /// <summary>d for x &gt; 0, else d·a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => V.Select(V.GreaterThan(x, V.Create(T.Zero)), d, d * y);

    /// <summary>0 for x &gt; 0, else d·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => V.Select(V.GreaterThan(x, V.Create(T.Zero)), V.Create(T.Zero), d * x);
}
