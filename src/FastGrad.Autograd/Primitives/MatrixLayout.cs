namespace FastGrad.Autograd.Primitives;

/// <summary>How the matrices of a tensor's last two axes lie in memory: row by row, or column by column (a transposed view).</summary>
/// <remarks>Reading a matrix as its transpose is reading the same memory the other way round.</remarks>
internal readonly ref struct MatrixLayout<T>
    where T : unmanaged
{
    private readonly Tensor<T> _tensor;
    private readonly int _extent;

    /// <param name="tensor">A tensor whose layout is accepted.</param>
    /// <param name="transposed">Whether to read its matrices as their transposes.</param>
    public MatrixLayout(Tensor<T> tensor, bool transposed = false)
    {
        int rows = tensor.Shape[-2], columns = tensor.Shape[-1];
        bool byRows = LiesByRows(tensor);
        _tensor = tensor;
        IsTransposed = byRows == transposed;
        // A single row or column has no distance to the next: any that is long enough will do.
        LeadingDimension = byRows
            ? Math.Max(1, rows == 1 ? columns : tensor.StrideFromEnd(2))
            : Math.Max(1, columns == 1 ? rows : tensor.StrideFromEnd(1));
        _extent = rows * columns == 0 ? 0 : byRows ? (rows - 1) * LeadingDimension + columns : (columns - 1) * LeadingDimension + rows;
    }

    /// <summary>Whether the matrix, as it is to be read, lies column by column.</summary>
    public bool IsTransposed { get; }

    /// <summary>Elements from one row (or column) to the next.</summary>
    public int LeadingDimension { get; }

    /// <summary>Whether the matrices lie row by row or column by column, and not in some other way.</summary>
    public static bool Accepts(Tensor<T> tensor) => tensor.IsContiguous || (tensor.Rank >= 2 && (LiesByRows(tensor) || LiesByColumns(tensor)));

    /// <summary>The elements of one matrix of the batch.</summary>
    public ReadOnlySpan<T> Matrix(int index)
    {
        int start = _tensor.Offset;
        for (int axis = 3; axis <= _tensor.Rank; axis++)
        {
            (index, int position) = Math.DivRem(index, _tensor.Shape[-axis]);
            start += position * _tensor.StrideFromEnd(axis);
        }
        return _tensor.Elements().Slice(start, _extent);
    }

    private static bool LiesByRows(Tensor<T> tensor)
    {
        int rows = tensor.Shape[-2], columns = tensor.Shape[-1];
        return (tensor.StrideFromEnd(1) == 1 || columns == 1) && (tensor.StrideFromEnd(2) >= columns || rows == 1);
    }

    private static bool LiesByColumns(Tensor<T> tensor)
    {
        int rows = tensor.Shape[-2], columns = tensor.Shape[-1];
        return (tensor.StrideFromEnd(2) == 1 || rows == 1) && (tensor.StrideFromEnd(1) >= rows || columns == 1);
    }
}
