namespace FastGrad.Kernels.MatrixProduct;

/// <summary>C[M,N] = A[M,K]·B[K,N] (+ C) (+ bias), with pinned addresses and general strides of A and B.</summary>
internal unsafe struct Product<T>
    where T : unmanaged
{
    public int M, N, K;
    public T* A, B, C, Bias;
    public nint ARow, AStep, BStep, BColumn, CRow;
    public bool Accumulate;

    /// <summary>Whether the elements are dot products in lanes: see <see cref="DotProducts{T}"/>.</summary>
    public bool InLanes;

    /// <summary>The first row and column of this block within the whole.</summary>
    public int Row, Column;

    /// <summary>The epilogue and its loop, <see cref="Finish{TEpilogue,T}.Run"/>; null where there is none.</summary>
    public void* Epilogue;
    public delegate*<void*, int, int, int, int, T*, nint, void> Finish;

    /// <summary>The product for rows [i, i + m) and columns [j, j + n) of C alone.</summary>
    public readonly Product<T> Block(int i, int m, int j, int n)
    {
        Product<T> block = this;
        block.M = m;
        block.N = n;
        block.A += i * ARow;
        block.B += j * BColumn;
        block.C += i * CRow + j;
        if (Bias != null)
            block.Bias += j;
        block.Row += i;
        block.Column += j;
        return block;
    }

    /// <summary>Applies the epilogue, if any, to rows [i, i + rows) and columns [j, j + columns) of this block.</summary>
    public readonly void Complete(int i, int rows, int j, int columns)
    {
        if (Finish != null)
            Finish(Epilogue, Row + i, rows, Column + j, columns, C + i * CRow + j, CRow);
    }
}
