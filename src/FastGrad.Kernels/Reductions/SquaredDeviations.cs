using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>Σᵢ (xᵢ − c)²; 0 for no elements.</summary>
/// <remarks>Error bound: <see cref="Reduce"/>, with 3u more for each term.</remarks>
/// <param name="c">What is subtracted: for a variance the mean.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct SquaredDeviations<T>(T c) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static bool IsShort => true;

    /// <inheritdoc/>
    public static T Empty => T.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Term<V>(V x, V y)
        where V : struct, IArithmetic<V, T>
    {
        V d = x - V.Create(c);
        return d * d;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Combine<V>(V a, V b)
        where V : struct, IArithmetic<V, T> => a + b;
}
