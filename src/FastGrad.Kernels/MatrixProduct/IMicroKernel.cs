namespace FastGrad.Kernels.MatrixProduct;

/// <summary>A tile of C held in registers: one chain of fused multiply-adds per element.</summary>
internal unsafe interface IMicroKernel<T>
    where T : unmanaged
{
    /// <summary>C[r, j] = (load ? C[r, j] : 0) + A[r, 0]·B[0, j] + … + A[r, k−1]·B[k−1, j], in this order, each step rounded
    /// once; then + bias[j] where bias is not null.</summary>
    /// <remarks>
    /// A[r, i] is at a + r·aRow + i·aStep, so packed panels and plain matrices of either orientation are read alike.
    /// B[i, j] is at b + i·bStep + j and C[r, j] at c + r·cRow + j.
    /// </remarks>
    static abstract void Run(
        nint k, T* a, nint aRow, nint aStep, T* b, nint bStep, T* c, nint cRow, int lanes, bool load, T* bias);
}
