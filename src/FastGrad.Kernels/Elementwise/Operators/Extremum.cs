using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>What <see cref="Maximum{T}"/> and <see cref="Minimum{T}"/> share.</summary>
internal static class Extremum
{
    /// <summary>An operand's share of the gradient d: nothing where the other was chosen, half at a tie, else all, as where either is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Share<V, T>(V lost, V tied, V d)
        where V : struct, IArithmetic<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => V.Select(lost, V.Create(T.Zero), V.Select(tied, d * V.Constant(0.5), d));
}
