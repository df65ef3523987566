using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>z = x − ⌊x/y⌋·y: the remainder with the sign of y.</summary>
/// <remarks>
/// As torch.remainder, with two deviations: NaN for infinite y, where torch gives x or y, and beyond quotients of 2²⁴ (float) or 2⁵³ digits are
/// lost, where torch's fmod is exact. Below, one rounding. NaN for y = 0.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Remainder<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T>
    {
        V r = V.FusedMultiplyAdd(-V.Floor(x / y), y, x);
        // Where the quotient was rounded past a whole number, one y too many was taken.
        V astray = V.LessThan(r * y, V.Create(T.Zero));
        return V.Select(astray, r + y, r);
    }

    /// <summary>d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d;

    /// <summary>−d·⌊x/y⌋.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => -(d * V.Floor(x / y));
}
