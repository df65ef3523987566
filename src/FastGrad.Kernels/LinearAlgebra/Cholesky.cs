using System.Numerics;

namespace FastGrad.Kernels.LinearAlgebra;

/// <summary>A = L·Lᵀ for symmetric positive definite A, L lower triangular with a positive diagonal.</summary>
/// <remarks>
/// Golub and Van Loan 2013, Matrix Computations, section 4.2. Column by column, each subtracted from the rows below: about n³/3 fused multiply-adds. The residual is at most
/// (n + 1)·u·Σ|L||Lᵀ| to first order (Higham 2002, Theorem 10.3). Matrices are dense and row-major.
/// </remarks>
public static class Cholesky
{
    /// <summary>Replaces A by L: the lower triangle of <paramref name="a"/> is read, the strict upper one becomes zero.</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="a">[n,n].</param>
    /// <returns>
    /// −1, or the first row whose pivot is not positive: A is then not positive definite to working precision, and rows from that one on are
    /// unfinished.
    /// </returns>
    /// <exception cref="ArgumentException">The span has not n² elements.</exception>
    public static int Factor<T>(int n, Span<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixCheck.Shape<T>(a, n, n);
        for (int i = 0; i < n; i++)
            a.Slice(i * n + i + 1, n - i - 1).Clear();
        // Row k above the diagonal holds column k of L meanwhile, so that every update runs along rows.
        for (int k = 0; k < n; k++)
        {
            T pivot = a[k * n + k];
            if (!(pivot > T.Zero) || !T.IsFinite(pivot))
                return k;
            T root = T.Sqrt(pivot);
            a[k * n + k] = root;
            for (int i = k + 1; i < n; i++)
                a[k * n + i] = a[i * n + k] /= root;
            for (int i = k + 1; i < n; i++)
                Rows.AddScaled(-a[i * n + k], a.Slice(k * n + k + 1, i - k), a.Slice(i * n + k + 1, i - k));
            a.Slice(k * n + k + 1, n - k - 1).Clear();
        }
        return -1;
    }

    /// <summary>X = A⁻¹·B in place of B, from A's factor.</summary>
    /// <param name="n">Rows of B.</param>
    /// <param name="columns">Right-hand sides.</param>
    /// <param name="l">L [n,n].</param>
    /// <param name="b">B [n,columns].</param>
    /// <exception cref="ArgumentException">A span has another length than its shape, or they overlap.</exception>
    public static void Solve<T>(int n, int columns, ReadOnlySpan<T> l, Span<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TriangularSolve.Solve(upper: false, transposed: false, unitDiagonal: false, n, columns, l, b);
        TriangularSolve.Solve(upper: false, transposed: true, unitDiagonal: false, n, columns, l, b);
    }
}
