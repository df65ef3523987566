using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Optimization.Rules;

/// <summary>Two rules as one: the second gets the first one's result. The JIT fuses a chain into a single pass over memory.</summary>
/// <param name="first">The rule that runs first.</param>
/// <param name="second">The rule that gets its result.</param>
/// <typeparam name="TFirst">The type of the first rule.</typeparam>
/// <typeparam name="TSecond">The type of the second rule; a chain again, for three and more.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Chain<TFirst, TSecond, T>(TFirst first, TSecond second) : IUpdateRule<T>
    where TFirst : struct, IUpdateRule<T>
    where TSecond : struct, IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TFirst _first = first;
    private readonly TSecond _second = second;

    /// <inheritdoc/>
    public static int SlotCount => TFirst.SlotCount + TSecond.SlotCount;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T> =>
        _second.Update(_first.Update(update, parameter, slots), parameter, slots.Skip(TFirst.SlotCount));
}

/// <summary>Composes rules in the order in which they run.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public static class Chain<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>first, then second.</summary>
    public static Chain<A, B, T> Of<A, B>(A first, B second)
        where A : struct, IUpdateRule<T>
        where B : struct, IUpdateRule<T> => new(first, second);

    /// <summary>first, then second, then third.</summary>
    public static Chain<A, Chain<B, C, T>, T> Of<A, B, C>(A first, B second, C third)
        where A : struct, IUpdateRule<T>
        where B : struct, IUpdateRule<T>
        where C : struct, IUpdateRule<T> => new(first, new(second, third));

    /// <summary>first, then second, then third, then fourth.</summary>
    public static Chain<A, Chain<B, Chain<C, D, T>, T>, T> Of<A, B, C, D>(A first, B second, C third, D fourth)
        where A : struct, IUpdateRule<T>
        where B : struct, IUpdateRule<T>
        where C : struct, IUpdateRule<T>
        where D : struct, IUpdateRule<T> => new(first, new(second, new(third, fourth)));
}
