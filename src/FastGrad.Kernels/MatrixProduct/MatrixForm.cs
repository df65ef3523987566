namespace FastGrad.Kernels.MatrixProduct;

/// <summary>How the factors of C[M,N] = op(A)·op(B) are stored: N as they enter the product, T transposed.</summary>
public enum MatrixForm
{
    /// <summary>A is stored [M,K], B [K,N].</summary>
    NN,

    /// <summary>A is stored [K,M], B [K,N]: AᵀB, the gradient of a weight.</summary>
    TN,

    /// <summary>A is stored [M,K], B [N,K]: ABᵀ, the gradient of an input, or a layer whose weight is stored [out, in].</summary>
    NT,

    /// <summary>A is stored [K,M], B [N,K].</summary>
    TT,
}
