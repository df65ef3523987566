namespace FastGrad.Autograd.Primitives;

/// <summary>How the matrices of a tensor's last two axes lie in memory: row by row, or column by column (a transposed view).</summary>
internal readonly ref struct MatrixLayout<T>
    where T : unmanaged
{
    private readonly Tensor<T> _tensor;
    private readonly int[] _strides;
    private readonly int _extent;

    public MatrixLayout(Tensor<T> tensor)
    {
        int[] strides = tensor.Strides();
        int rows = tensor.Shape[-2], columns = tensor.Shape[-1];
        bool byRows = (strides[^1] == 1 || columns == 1) && (strides[^2] >= columns || rows == 1);
        bool byColumns = (strides[^2] == 1 || rows == 1) && (strides[^1] >= rows || columns == 1);
        if (!byRows && !byColumns)
        {
            tensor = tensor.Contiguous();
            strides = tensor.Strides();
            byRows = true;
        }
        (_tensor, _strides, IsTransposed) = (tensor, strides, !byRows);
        // A single row or column has no distance to the next: any that is long enough will do.
        LeadingDimension = byRows
            ? Math.Max(1, rows == 1 ? columns : strides[^2])
            : Math.Max(1, columns == 1 ? rows : strides[^1]);
        _extent = rows * columns == 0 ? 0 : byRows ? (rows - 1) * LeadingDimension + columns : (columns - 1) * LeadingDimension + rows;
    }

    /// <summary>Whether columns are contiguous rather than rows.</summary>
    public bool IsTransposed { get; }

    /// <summary>Elements from one row (or column) to the next.</summary>
    public int LeadingDimension { get; }

    /// <summary>The elements of one matrix of the batch; the only one serves all.</summary>
    public ReadOnlySpan<T> Matrix(int index)
    {
        int start = _tensor.Offset;
        for (int axis = _tensor.Rank - 3; axis >= 0; axis--)
        {
            (index, int position) = Math.DivRem(index, _tensor.Shape[axis]);
            start += position * _strides[axis];
        }
        return _tensor.Elements().Slice(start, _extent);
    }
}
