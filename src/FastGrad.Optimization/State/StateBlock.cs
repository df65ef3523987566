using System.Numerics;
using System.Runtime.InteropServices;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Rules;

namespace FastGrad.Optimization.State;

/// <summary>The slots of one owner: a parameter, a group, or the whole optimizer.</summary>
/// <typeparam name="T">The parameters' element type.</typeparam>
public sealed class StateBlock<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<SlotSet.Slot> _slots;
    private readonly Array[] _arrays;
    private readonly int[] _offsets;
    private readonly int[] _counts;

    // How many slots from this one on hold elements, as many as this one does: judged once, because every step asks.
    private readonly int[] _alike;
    private T[] _elements = [];

    internal StateBlock(string owner, IReadOnlyList<SlotSet.Slot> slots)
    {
        (Owner, _slots) = (owner, slots);
        _arrays = new Array[slots.Count];
        _offsets = new int[slots.Count];
        _counts = [.. slots.Select(s => s.Count)];
        _alike = new int[slots.Count];
        for (int i = slots.Count - 1; i >= 0; i--)
        {
            bool continues = i + 1 < slots.Count && _counts[i + 1] == _counts[i];
            _alike[i] = slots[i].Storage == SlotSet.SlotStorage.Element ? 1 + (continues ? _alike[i + 1] : 0) : 0;
        }
    }

    /// <summary>The number of slots.</summary>
    public int Count => _slots.Count;

    internal string Owner { get; }

    /// <summary>The elements of a slot of the parameters' own type.</summary>
    /// <exception cref="InvalidOperationException">The slot is of another type.</exception>
    public Span<T> this[int slot] => ReferenceEquals(_arrays[slot], _elements)
        ? new(_elements, _offsets[slot], _counts[slot])
        : throw Mismatch(slot, typeof(T));

    /// <summary>The elements of a slot declared by <see cref="SlotSet.AddFloat64"/>.</summary>
    /// <exception cref="InvalidOperationException">The slot is of another type.</exception>
    public Span<double> Float64(int slot) => _slots[slot].Storage == SlotSet.SlotStorage.Float64
        ? new((double[])_arrays[slot], _offsets[slot], _counts[slot])
        : throw Mismatch(slot, typeof(double));

    /// <summary>The elements of a slot declared by <see cref="SlotSet.AddInt64"/>.</summary>
    /// <exception cref="InvalidOperationException">The slot is of another type.</exception>
    public Span<long> Int64(int slot) => _slots[slot].Storage == SlotSet.SlotStorage.Int64
        ? new((long[])_arrays[slot], _offsets[slot], _counts[slot])
        : throw Mismatch(slot, typeof(long));

    internal void Place(int slot, Array array, int offset)
    {
        (_arrays[slot], _offsets[slot]) = (array, offset);
        if (_slots[slot].Storage == SlotSet.SlotStorage.Element)
            _elements = (T[])array;
    }

    /// <summary>The first of <paramref name="count"/> slots that lie at one distance from each other, each with <paramref name="length"/> elements.</summary>
    internal ref T Cursor(int first, int count, int length, out nuint distance)
    {
        distance = 0;
        if (count == 0)
            return ref MemoryMarshal.GetArrayDataReference(_elements);
        if ((uint)first >= (uint)_alike.Length || count > _alike[first] || _counts[first] != length)
            throw Unlike(first, count, length);
        if (count > 1)
            distance = (nuint)(_offsets[first + 1] - _offsets[first]);
        return ref _elements[_offsets[first]];
    }

    /// <summary>A parameter with the first of its slots, of which a rule reads <paramref name="count"/>.</summary>
    internal Segment<T> Segment(IParameter<T> parameter, int count)
    {
        Cursor(0, count, parameter.Info.Count, out nuint distance);
        return new(parameter, _elements, count > 0 ? _offsets[0] : 0, (int)distance, parameter.Info.Count);
    }

    internal IEnumerable<StateEntry> Entries()
    {
        for (int i = 0; i < _slots.Count; i++)
        {
            SlotSet.Slot slot = _slots[i];
            if (slot.IsScratch)
                continue;
            yield return slot.Storage switch
            {
                SlotSet.SlotStorage.Float64 => StateEntry.Of(Owner, slot.Name, slot.Shape, ((double[])_arrays[i]).AsMemory(_offsets[i], slot.Count)),
                SlotSet.SlotStorage.Int64 => StateEntry.Of(Owner, slot.Name, slot.Shape, ((long[])_arrays[i]).AsMemory(_offsets[i], slot.Count)),
                _ => StateEntry.Of(Owner, slot.Name, slot.Shape, ((T[])_arrays[i]).AsMemory(_offsets[i], slot.Count)),
            };
        }
    }

    private ArgumentException Unlike(int first, int count, int length)
    {
        if (first < 0 || first + count > _offsets.Length)
            return new($"'{Owner}' has {_offsets.Length} slots; the rule reads {count} from slot {first}.", nameof(count));
        int slot = Enumerable.Range(first, count).First(i => _counts[i] != length || _slots[i].Storage != SlotSet.SlotStorage.Element);
        return new($"Slot '{_slots[slot].Name}' of '{Owner}' has {_counts[slot]} elements; an elementwise rule needs {length}.", nameof(first));
    }

    private InvalidOperationException Mismatch(int slot, Type type) =>
        new($"Slot '{_slots[slot].Name}' of '{Owner}' does not hold {type.Name} elements in this form.");
}
