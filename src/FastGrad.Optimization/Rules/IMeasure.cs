using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Optimization.Rules;

/// <summary>Sums over the elements of a parameter that a step needs before its elementwise pass: norms, inner products.</summary>
/// <remarks>
/// The first phase of a two-phase rule: it may also update slots, so that LAMB's moments are advanced in the pass that takes the
/// norm of its direction. Like a rule it is a readonly struct of scalars without loops.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IMeasure<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many slots it reads and writes.</summary>
    static abstract int SlotCount { get; }

    /// <summary>How many sums it makes, at most <see cref="Measurement.MaxSums"/>.</summary>
    static abstract int SumCount { get; }

    /// <summary>Adds the terms of the elements at hand to the sums.</summary>
    void Measure<V>(V gradient, V parameter, SlotCursor<V, T> slots, SumCursor<V, T> sums)
        where V : struct, ISimdVector<V, T>;
}
