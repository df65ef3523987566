using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FastGrad.Kernels.Convolution;

/// <summary>How a channel is laid out before it is read: padded, and with columns sorted by their remainder modulo the stride.</summary>
/// <remarks>
/// In this layout what a kernel position contributes to neighbouring outputs of a row lies side by side, whatever stride, dilation and padding:
/// output (r, q) reads position (i, j) at r·<see cref="RowStep"/>·<see cref="Pitch"/> + q + <see cref="Offset"/>(i, j).
/// So no loop that computes knows of strides or borders.
/// </remarks>
internal readonly unsafe struct Plane
{
    private readonly int _rows, _columns, _top, _left, _stride, _width, _part, _span;

    /// <param name="rows">Rows of the channel.</param>
    /// <param name="columns">Columns of the channel.</param>
    /// <param name="top">Rows of zeros before it; where negative, rows to leave out.</param>
    /// <param name="left">The same for columns.</param>
    /// <param name="rowStep">Rows from one output to the next.</param>
    /// <param name="stride">Columns from one output to the next.</param>
    /// <param name="span">Rows that one output reads.</param>
    /// <param name="width">Columns that a row of outputs reads.</param>
    public Plane(int rows, int columns, int top, int left, int rowStep, int stride, int span, int width)
    {
        (_rows, _columns, _top, _left, _stride, _span, _width) = (rows, columns, top, left, stride, span, width);
        _part = (width + stride - 1) / stride;
        RowStep = rowStep;
        Pitch = _part * stride;
    }

    public int RowStep { get; }

    /// <summary>Elements from one row to the next.</summary>
    public int Pitch { get; }

    /// <summary>Where the outputs' first row finds kernel position (row, column), both counted in input positions.</summary>
    public nint Offset(int row, int column) => (nint)row * Pitch + column % _stride * _part + column / _stride;

    /// <summary>Elements of the rows that so many rows of outputs read.</summary>
    public nint Size(int outputRows) => ((nint)(outputRows - 1) * RowStep + _span) * Pitch;

    /// <summary>Copies what rows [first, first + count) of outputs read.</summary>
    public void Copy<T>(T* channel, int first, int count, T* to)
        where T : unmanaged
    {
        int start = first * RowStep - _top, rows = (count - 1) * RowStep + _span;
        for (int u = 0; u < rows; u++, to += Pitch)
        {
            int row = start + u;
            if ((uint)row >= (uint)_rows)
                new Span<T>(to, Pitch).Clear();
            else if (_stride == 1)
                CopyRow(channel + (nint)row * _columns, to);
            else
                SortRow(channel + (nint)row * _columns, to);
        }
    }

    private void CopyRow<T>(T* row, T* to)
        where T : unmanaged
    {
        int before = Math.Clamp(_left, 0, _width), skipped = Math.Max(0, -_left);
        int columns = Math.Clamp(_columns - skipped, 0, _width - before);
        for (int i = 0; i < before; i++)
            to[i] = default;
        Move(row + skipped, to + before, columns);
        for (int i = before + columns; i < _width; i++)
            to[i] = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SortRow<T>(T* row, T* to)
        where T : unmanaged
    {
        for (int remainder = 0; remainder < _stride; remainder++, to += _part)
        {
            int column = remainder - _left;
            for (int i = 0; i < _part; i++, column += _stride)
                to[i] = (uint)column < (uint)_columns ? row[column] : default;
        }
    }

    /// <summary>Copies exactly so many elements; no call for what is a few vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Move<T>(T* from, T* to, int count)
        where T : unmanaged
    {
        int vector = Vector256<byte>.Count / sizeof(T), i = 0;
        if (Vector256.IsHardwareAccelerated && count >= vector)
        {
            for (; i < count - vector; i += vector)
                Vector256.Load((byte*)(from + i)).Store((byte*)(to + i));
            i = count - vector;
            Vector256.Load((byte*)(from + i)).Store((byte*)(to + i));
            return;
        }
        for (; i < count; i++)
            to[i] = from[i];
    }
}
