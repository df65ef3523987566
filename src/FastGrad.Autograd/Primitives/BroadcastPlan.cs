namespace FastGrad.Autograd.Primitives;

/// <summary>How row-major operands of several shapes walk over one output: runs in which each operand advances by one or stays.</summary>
/// <remarks>Neighbouring axes that all operands treat alike are merged, so a run is as long as the shapes allow.</remarks>
internal sealed class BroadcastPlan
{
    private readonly int[] _lengths;    // merged axes, outermost first; the last is the run
    private readonly int[][] _strides;  // for each operand, for each merged axis: its stride, 0 where it stretches

    public BroadcastPlan(Shape output, params ReadOnlySpan<Shape> operands)
    {
        int count = operands.Length;
        List<int> lengths = [];
        List<int>[] strides = [.. Enumerable.Range(0, count).Select(_ => new List<int>())];
        int[][] full = new int[count][];
        for (int k = 0; k < count; k++)
            full[k] = StretchedStrides(operands[k], output);
        for (int axis = 0; axis < output.Rank; axis++)
        {
            int length = output[axis];
            if (length == 1)
                continue;
            bool merges = lengths.Count > 0;
            for (int k = 0; k < count && merges; k++)
                merges = strides[k][^1] == full[k][axis] * length;
            for (int k = 0; k < count; k++)
            {
                if (merges)
                    strides[k][^1] = full[k][axis];
                else
                    strides[k].Add(full[k][axis]);
            }
            if (merges)
                lengths[^1] *= length;
            else
                lengths.Add(length);
        }
        if (lengths.Count == 0)
        {
            lengths.Add(1);
            foreach (List<int> s in strides)
                s.Add(1);
        }
        _lengths = [.. lengths];
        _strides = [.. strides.Select(s => s.ToArray())];
        Runs = RunLength == 0 ? 0 : output.Length / RunLength;
    }

    /// <summary>The number of output elements in a run.</summary>
    public int RunLength => _lengths[^1];

    /// <summary>The number of runs.</summary>
    public int Runs { get; }

    /// <summary>The number of elements of the operand in a run: the run's, or one that stretches over it.</summary>
    public int Extent(int operand) => _strides[operand][^1] == 0 ? 1 : RunLength;

    /// <summary>Where an operand's elements of a run start.</summary>
    public int Start(int operand, int run)
    {
        int start = 0;
        for (int axis = _lengths.Length - 2; axis >= 0; axis--)
        {
            (run, int index) = Math.DivRem(run, _lengths[axis]);
            start += index * _strides[operand][axis];
        }
        return start;
    }

    private static int[] StretchedStrides(Shape operand, Shape output)
    {
        int[] own = operand.RowMajorStrides(), result = new int[output.Rank];
        for (int i = 1; i <= operand.Rank; i++)
            result[^i] = operand[-i] == 1 ? 0 : own[^i];
        return result;
    }
}
