using System.Runtime.CompilerServices;

namespace FastGrad.Autograd.Primitives;

/// <summary>How row-major operands of several shapes walk over one output: runs in which each operand advances by one or stays.</summary>
/// <remarks>
/// Neighbouring axes that all operands treat alike are merged, so a run is as long as the shapes allow. It lives on the stack: up to
/// three operands and sixteen merged axes.
/// </remarks>
internal ref struct BroadcastPlan
{
    private const int MaxAxes = 16;

    private readonly AxisTable _table; // for each merged axis, outermost first: its length, and each operand's stride, 0 where it stretches
    private readonly int _axes;

    public BroadcastPlan(Shape output, Shape first, Shape second, Shape third = default)
    {
        for (int axis = 0; axis < output.Rank; axis++)
        {
            int length = output[axis];
            if (length == 1)
                continue;
            Entry entry = new(length, Stride(first, output, axis), Stride(second, output, axis), Stride(third, output, axis));
            if (_axes > 0 && _table[_axes - 1].ContinuesInto(entry))
                _table[_axes - 1] = entry with { Length = _table[_axes - 1].Length * length };
            else if (_axes < MaxAxes)
                _table[_axes++] = entry;
            else
                throw new NotSupportedException($"Broadcasting to shape {output} alternates between more than {MaxAxes} stretched and full axes.");
        }
        if (_axes == 0)
            _table[_axes++] = new(1, 1, 1, 1);
        Runs = output.Length == 0 ? 0 : output.Length / RunLength;
    }

    /// <summary>The number of output elements in a run.</summary>
    public readonly int RunLength => _table[_axes - 1].Length;

    /// <summary>The number of runs.</summary>
    public int Runs { get; }

    /// <summary>The number of elements of the operand in a run: the run's, or one that stretches over it.</summary>
    public readonly int Extent(int operand) => _table[_axes - 1].Stride(operand) == 0 ? 1 : RunLength;

    /// <summary>Where an operand's elements of a run start.</summary>
    public readonly int Start(int operand, int run)
    {
        int start = 0;
        for (int axis = _axes - 2; axis >= 0; axis--)
        {
            (run, int index) = Math.DivRem(run, _table[axis].Length);
            start += index * _table[axis].Stride(operand);
        }
        return start;
    }

    // The row-major stride of the operand along an axis of the output; 0 where it has length 1 or no such axis.
    private static int Stride(Shape operand, Shape output, int axis)
    {
        int own = axis - (output.Rank - operand.Rank);
        if (own < 0 || operand[own] == 1)
            return 0;
        int stride = 1;
        for (int i = own + 1; i < operand.Rank; i++)
            stride *= operand[i];
        return stride;
    }

    private readonly record struct Entry(int Length, int First, int Second, int Third)
    {
        public int Stride(int operand) => operand switch { 0 => First, 1 => Second, _ => Third };

        /// <summary>Whether this axis and the next are one: a step here is a whole length there, for every operand.</summary>
        public bool ContinuesInto(Entry next) =>
            First == next.First * next.Length && Second == next.Second * next.Length && Third == next.Third * next.Length;
    }

    [InlineArray(MaxAxes)]
    private struct AxisTable
    {
        private Entry _first;
    }
}
