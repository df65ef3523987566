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
        return block;
    }
}
