using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;
using FastGrad.Optimization.Rules;

namespace FastGrad.Optimization.Gradients;

/// <summary>c·g: clipping by norm. It runs with the gradient in the parameter's place.</summary>
internal readonly struct Scale<T>(T factor) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _factor = factor;

    public static int SlotCount => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T> => V.Create(_factor) * update;
}

/// <summary>min(c, max(−c, g)): clipping by value; NaN stays NaN.</summary>
internal readonly struct Clamp<T>(T bound) : IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _bound = bound;

    public static int SlotCount => 0;

    // The second operand of Min and Max comes through where it is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T> => V.Min(V.Create(_bound), V.Max(V.Create(-_bound), update));
}

/// <summary>The number of elements that are NaN or infinite, as far as it matters: zero or not.</summary>
internal readonly struct CountNonFinite<T> : IMeasure<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int SlotCount => 0;

    public static int SumCount => 1;

    // x − x is 0 for finite x and NaN for the others.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Measure<V>(V gradient, V parameter, SlotCursor<V, T> slots, SumCursor<V, T> sums)
        where V : struct, ISimdVector<V, T> => sums.Add(0, gradient - gradient);
}
