using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Optimization.Rules;

/// <summary>The state that belongs to the elements at hand: slot k of them is one vector.</summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct SlotCursor<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T _first;
    private readonly nuint _distance;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SlotCursor(ref T first, nuint distance)
    {
        _first = ref first;
        _distance = distance;
    }

    /// <summary>Slot <paramref name="slot"/>, counted from the rule's own first.</summary>
    public V this[int slot]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => V.Load(in _first, (nuint)slot * _distance);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => V.Store(value, ref _first, (nuint)slot * _distance);
    }

    /// <summary>The cursor of a rule that comes after one with <paramref name="count"/> slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SlotCursor<V, T> Skip(int count) => new(ref Unsafe.Add(ref _first, (nuint)count * _distance), _distance);
}
