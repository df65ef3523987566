using System.Numerics;
using System.Runtime.CompilerServices;

namespace FastGrad.Optimization.State;

/// <summary>The memory of a group's state: one array for each element type, in which every slot is a slice.</summary>
/// <remarks>
/// Slots of one parameter follow each other at one distance (its padded length), so that a rule reaches slot k at k times the
/// distance. They start on cache lines. A distance of a multiple of 4 KiB gets one line more: loads and stores whose
/// addresses agree in the low twelve bits wait for each other.
/// </remarks>
internal sealed class StateArena<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LineBytes = 64;
    private const int PageBytes = 4096;

    private readonly List<(StateBlock<T> Block, SlotSet.Slot Slot, int Index, long Offset)> _plan = [];
    private long _elements, _reals, _integers;

    private static int Line => LineBytes / Unsafe.SizeOf<T>();

    /// <summary>Plans the slots of one owner. The block is usable after <see cref="Allocate"/>.</summary>
    public StateBlock<T> Add(string owner, SlotSet slots)
    {
        StateBlock<T> block = new(owner, slots.Slots);
        for (int i = 0; i < slots.Slots.Count; i++)
        {
            SlotSet.Slot slot = slots.Slots[i];
            ref long end = ref _elements;
            long size = slot.Count;
            switch (slot.Storage)
            {
                case SlotSet.SlotStorage.Float64:
                    end = ref _reals;
                    break;
                case SlotSet.SlotStorage.Int64:
                    end = ref _integers;
                    break;
                default:
                    size = Padded(size);
                    break;
            }
            _plan.Add((block, slot, i, end));
            end += size;
        }
        return block;
    }

    public void Allocate(string group)
    {
        if (_elements + Line > Array.MaxLength)
            throw new ArgumentException($"Group '{group}' needs {_elements} elements of state, more than an array holds; split it into several groups.", nameof(group));
        // Pinned, so that the alignment that is chosen here lasts.
        T[] elements = GC.AllocateArray<T>((int)_elements + Line, pinned: true);
        int shift = AlignmentShift(elements);
        double[] reals = new double[_reals];
        long[] integers = new long[_integers];
        foreach ((StateBlock<T> block, SlotSet.Slot slot, int index, long offset) in _plan)
        {
            switch (slot.Storage)
            {
                case SlotSet.SlotStorage.Float64:
                    block.Place(index, reals, (int)offset);
                    break;
                case SlotSet.SlotStorage.Int64:
                    block.Place(index, integers, (int)offset);
                    break;
                default:
                    block.Place(index, elements, (int)offset + shift);
                    break;
            }
        }
        _plan.Clear();
    }

    private static long Padded(long count)
    {
        long padded = (count + Line - 1) / Line * Line;
        return padded * Unsafe.SizeOf<T>() % PageBytes == 0 ? padded + Line : padded;
    }

    private static unsafe int AlignmentShift(T[] array)
    {
        fixed (T* start = array)
            return (int)((LineBytes - (nint)start % LineBytes) % LineBytes) / Unsafe.SizeOf<T>();
    }
}
