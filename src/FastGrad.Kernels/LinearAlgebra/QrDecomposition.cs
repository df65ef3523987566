using System.Buffers;
using System.Numerics;

namespace FastGrad.Kernels.LinearAlgebra;

/// <summary>A = Q·R by Householder's reflections: Q with orthonormal columns, R upper triangular.</summary>
/// <remarks>
/// Golub and Van Loan 2013, Matrix Computations, section 5.2, in the reduced form: with r = min(m, n), Q is [m,r] and R is [r,n]. The diagonal of R has either sign, as in
/// LAPACK. Scratch of m + 2n elements is borrowed. Matrices are dense and row-major.
/// </remarks>
public static class QrDecomposition
{
    /// <summary>Writes Q and R.</summary>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Columns of A.</param>
    /// <param name="a">A [m,n]; overwritten by scratch values.</param>
    /// <param name="q">[m,min(m,n)].</param>
    /// <param name="r">[min(m,n),n].</param>
    /// <exception cref="ArgumentException">A span has another length than its shape, or they overlap.</exception>
    public static void Decompose<T>(int m, int n, Span<T> a, Span<T> q, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rank = Math.Min(m, n);
        MatrixCheck.Shape<T>(a, m, n);
        MatrixCheck.Shape<T>(q, m, rank);
        MatrixCheck.Shape<T>(r, rank, n);
        MatrixCheck.Apart<T>(q, a, nameof(q));
        MatrixCheck.Apart<T>(r, a, nameof(r));
        MatrixCheck.Apart<T>(r, q, nameof(r));
        T[] scratch = ArrayPool<T>.Shared.Rent(m + n + rank);
        Span<T> v = scratch.AsSpan(0, m), sums = scratch.AsSpan(m, n), taus = scratch.AsSpan(m + n, rank);
        for (int k = 0; k < rank; k++)
        {
            Span<T> column = v[..(m - k)];
            for (int i = k; i < m; i++)
                column[i - k] = a[i * n + k];
            (taus[k], T multiple) = Reflector.Make(column);
            if (k + 1 < n)
                Reflector.Apply(column, taus[k], a[(k * n + k + 1)..], n - k - 1, n, sums);
            a[k * n + k] = multiple;
            for (int i = k + 1; i < m; i++)
                a[i * n + k] = column[i - k];
        }
        r.Clear();
        for (int k = 0; k < rank; k++)
            a.Slice(k * n + k, n - k).CopyTo(r[(k * n + k)..]);
        // Q = H₀·H₁·…·I, from the last reflection to the first: each meets only the columns that are not yet unit vectors.
        q.Clear();
        for (int k = rank - 1; k >= 0; k--)
        {
            q[k * rank + k] = T.One;
            Span<T> column = v[..(m - k)];
            column[0] = T.One;
            for (int i = k + 1; i < m; i++)
                column[i - k] = a[i * n + k];
            Reflector.Apply(column, taus[k], q[(k * rank + k)..], rank - k, rank, sums);
        }
        ArrayPool<T>.Shared.Return(scratch);
    }
}
