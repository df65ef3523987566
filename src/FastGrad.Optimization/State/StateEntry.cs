using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FastGrad.Optimization.State;

/// <summary>One named tensor of an optimizer's state, as checkpoints see it: a live view, not a copy.</summary>
public abstract class StateEntry
{
    private protected StateEntry(string owner, string slot, StateElementType type, ImmutableArray<int> shape) =>
        (Owner, Slot, Type, Shape) = (owner, slot, type, shape);

    /// <summary>The parameter's name; <c>@name</c> for state shared by a group, <c>@all</c> for state shared by all.</summary>
    public string Owner { get; }

    /// <summary>The slot's name, such as <c>exp_avg</c>; <c>step</c> counts the updates of a parameter.</summary>
    public string Slot { get; }

    /// <summary>Owner and slot: <c>0.weight.exp_avg</c>.</summary>
    public string Name => $"{Owner}.{Slot}";

    /// <summary>The element type.</summary>
    public StateElementType Type { get; }

    /// <summary>The dimensions, outermost first; empty for a scalar.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>The elements in row-major order, as bytes of this machine (little-endian on every supported one).</summary>
    public abstract Span<byte> Bytes { get; }

    /// <summary>A copy.</summary>
    public StateTensor ToTensor() => new(Name, Type, Shape, Bytes.ToArray());

    /// <summary>A view of a slice of an array, for optimizers and wrappers that keep state of their own.</summary>
    /// <exception cref="ArgumentException">The element type is none of float, double and long.</exception>
    public static StateEntry Of<TElement>(string owner, string slot, ImmutableArray<int> shape, Memory<TElement> elements)
        where TElement : unmanaged => new MemoryEntry<TElement>(owner, slot, shape, elements);

    private sealed class MemoryEntry<TElement>(string owner, string slot, ImmutableArray<int> shape, Memory<TElement> elements)
        : StateEntry(owner, slot, TypeOf(), shape)
        where TElement : unmanaged
    {
        public override Span<byte> Bytes => MemoryMarshal.AsBytes(elements.Span);

        private static StateElementType TypeOf() =>
            typeof(TElement) == typeof(float) ? StateElementType.Float32
            : typeof(TElement) == typeof(double) ? StateElementType.Float64
            : typeof(TElement) == typeof(long) ? StateElementType.Int64
            : throw new ArgumentException($"State of type {typeof(TElement).Name} is not supported; expected float, double or long.");
    }
}

/// <summary>A named tensor read from a checkpoint.</summary>
/// <param name="Name">Owner and slot: <c>0.weight.exp_avg</c>.</param>
/// <param name="Type">The element type.</param>
/// <param name="Shape">The dimensions, outermost first.</param>
/// <param name="Bytes">The elements in row-major order.</param>
public sealed record StateTensor(string Name, StateElementType Type, ImmutableArray<int> Shape, ReadOnlyMemory<byte> Bytes);
