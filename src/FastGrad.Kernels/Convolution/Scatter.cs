namespace FastGrad.Kernels.Convolution;

/// <summary>Moves outputs between y, where they lie apart, and a matrix [M, outputs].</summary>
internal static unsafe class Scatter
{
    /// <summary>c[m, i] = output first + i of the rows from <paramref name="row"/> on.</summary>
    public static void From<T>(in Correlation<T> work, T* y, int row, int first, int count, T* c, nint cRow)
        where T : unmanaged
    {
        for (int m = 0; m < work.M; m++, c += cRow, y += work.YChannel)
        {
            for (int i = 0; i < count; i++)
                c[i] = y[(row + (first + i) / work.Columns) * work.YRow + (first + i) % work.Columns * work.YColumn];
        }
    }

    /// <summary>The way back.</summary>
    public static void To<T>(in Correlation<T> work, T* y, int row, int first, int count, T* c, nint cRow)
        where T : unmanaged
    {
        for (int m = 0; m < work.M; m++, c += cRow, y += work.YChannel)
        {
            int r = row + first / work.Columns, q = first % work.Columns;
            for (int i = 0; i < count; i++)
            {
                y[r * work.YRow + q * work.YColumn] = c[i];
                if (++q == work.Columns)
                    (r, q) = (r + 1, 0);
            }
        }
    }
}
