namespace FastGrad.Autograd;

/// <summary>Copies between strided and row-major order.</summary>
internal static class StridedCopy
{
    /// <summary>Reads a strided view into row-major order.</summary>
    public static void Gather<T>(ReadOnlySpan<T> source, int offset, Shape shape, ReadOnlySpan<int> strides, Span<T> destination)
        where T : unmanaged
    {
        if (shape.Length == 0)
            return;
        int rank = shape.Rank;
        if (rank == 0)
        {
            destination[0] = source[offset];
            return;
        }
        int inner = shape[rank - 1], innerStride = strides[rank - 1];
        Span<int> index = rank <= 16 ? stackalloc int[rank] : new int[rank];
        index.Clear();
        for (int written = 0; written < shape.Length; written += inner)
        {
            Span<T> run = destination.Slice(written, inner);
            if (innerStride == 1)
                source.Slice(offset, inner).CopyTo(run);
            else if (innerStride == 0)
                run.Fill(source[offset]);
            else
                for (int i = 0, from = offset; i < run.Length; i++, from += innerStride)
                    run[i] = source[from];

            for (int axis = rank - 2; axis >= 0; axis--)
            {
                offset += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                offset -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    }

    /// <summary>Writes row-major elements into a strided view whose elements do not overlap.</summary>
    public static void Scatter<T>(ReadOnlySpan<T> source, Span<T> destination, int offset, Shape shape, ReadOnlySpan<int> strides)
        where T : unmanaged
    {
        for (int i = 0; i < shape.Length; i++)
        {
            int at = offset;
            for (int axis = shape.Rank - 1, rest = i; axis >= 0; axis--)
            {
                (rest, int index) = Math.DivRem(rest, shape[axis]);
                at += index * strides[axis];
            }
            destination[at] = source[i];
        }
    }
}
