using System.Numerics;
using FastGrad.Kernels.Simd;

namespace FastGrad.Optimization.Rules;

/// <summary>An update, element by element: one body for every width, in one pass over memory.</summary>
/// <remarks>
/// <para>
/// A rule is a readonly struct whose fields are the step's scalars, already of type <typeparamref name="T"/>. It holds no
/// loop; the host owns loops, tails and threads. <see cref="Chain{TFirst,TSecond,T}"/> composes rules: each gets the previous
/// one's result, the first the gradient, and the last one's result is the parameter's new value (see <see cref="Descend{T}"/>).
/// </para>
/// <para>Mark <see cref="Update"/> with AggressiveInlining: a chain then compiles into one loop.</para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public interface IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many slots it reads and writes: <c>slots[0]</c> to <c>slots[SlotCount − 1]</c>.</summary>
    static abstract int SlotCount { get; }

    /// <summary>The outgoing update, or, of the last rule, the parameter's new value.</summary>
    /// <param name="update">The incoming update: the gradient for the first rule, the previous rule's result for the others.</param>
    /// <param name="parameter">The parameter's value before the step.</param>
    /// <param name="slots">The state, read and written in place.</param>
    V Update<V>(V update, V parameter, SlotCursor<V, T> slots)
        where V : struct, ISimdVector<V, T>;
}
