using System.Numerics;

namespace FastGrad.Kernels.LinearAlgebra;

/// <summary>P·A = L·U with partial pivoting: L unit lower triangular, U upper triangular, both in the place of A.</summary>
/// <remarks>
/// Golub and Van Loan 2013, Matrix Computations, section 3.4. Of pivots of equal size the first is taken, so the order is the same everywhere. The residual is
/// at most γ_n·|L||U| (Higham 2002, Theorem 9.3). Matrices are dense and row-major.
/// </remarks>
public static class LuDecomposition
{
    /// <summary>Replaces A by L (below the diagonal, its ones not stored) and U.</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="a">[n,n].</param>
    /// <param name="pivots">n entries: row i was exchanged with row pivots[i] ≥ i, in the order of i.</param>
    /// <returns>−1, or the first column without a non-zero pivot: A is singular, U has a zero there.</returns>
    /// <exception cref="ArgumentException">A span has another length than its shape.</exception>
    public static int Factor<T>(int n, Span<T> a, Span<int> pivots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixCheck.Shape<T>(a, n, n);
        MatrixCheck.Shape<int>(pivots, n, 1);
        int singular = -1;
        for (int k = 0; k < n; k++)
        {
            int best = k;
            for (int i = k + 1; i < n; i++)
                if (T.Abs(a[i * n + k]) > T.Abs(a[best * n + k]))
                    best = i;
            pivots[k] = best;
            if (best != k)
                Exchange(a.Slice(k * n, n), a.Slice(best * n, n));
            T pivot = a[k * n + k];
            if (pivot == T.Zero)
            {
                singular = singular < 0 ? k : singular;
                continue;
            }
            ReadOnlySpan<T> row = a.Slice(k * n + k + 1, n - k - 1);
            for (int i = k + 1; i < n; i++)
            {
                T factor = a[i * n + k] /= pivot;
                Rows.AddScaled(-factor, row, a.Slice(i * n + k + 1, n - k - 1));
            }
        }
        return singular;
    }

    /// <summary>X = A⁻¹·B, or A⁻ᵀ·B, in place of B, from A's factors.</summary>
    /// <param name="transposed">Whether Aᵀ·X = B is solved.</param>
    /// <param name="n">Rows of B.</param>
    /// <param name="columns">Right-hand sides.</param>
    /// <param name="lu">L and U [n,n].</param>
    /// <param name="pivots">The exchanges.</param>
    /// <param name="b">B [n,columns].</param>
    /// <exception cref="ArgumentException">A span has another length than its shape, or they overlap.</exception>
    public static void Solve<T>(bool transposed, int n, int columns, ReadOnlySpan<T> lu, ReadOnlySpan<int> pivots, Span<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixCheck.Shape(pivots, n, 1);
        MatrixCheck.Shape<T>(b, n, columns);
        for (int i = 0; i < n && !transposed; i++)
            if (pivots[i] != i)
                Exchange(b.Slice(i * columns, columns), b.Slice(pivots[i] * columns, columns));
        TriangularSolve.Solve(upper: transposed, transposed, unitDiagonal: !transposed, n, columns, lu, b);
        TriangularSolve.Solve(upper: !transposed, transposed, unitDiagonal: transposed, n, columns, lu, b);
        for (int i = n - 1; i >= 0 && transposed; i--)
            if (pivots[i] != i)
                Exchange(b.Slice(i * columns, columns), b.Slice(pivots[i] * columns, columns));
    }

    /// <summary>A⁻¹ from A's factors.</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="lu">L and U [n,n].</param>
    /// <param name="pivots">The exchanges.</param>
    /// <param name="inverse">[n,n], written.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape, or they overlap.</exception>
    public static void Inverse<T>(int n, ReadOnlySpan<T> lu, ReadOnlySpan<int> pivots, Span<T> inverse)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixCheck.Shape<T>(inverse, n, n);
        inverse.Clear();
        for (int i = 0; i < n; i++)
            inverse[i * n + i] = T.One;
        Solve(transposed: false, n, n, lu, pivots, inverse);
    }

    /// <summary>det A: the product of the pivots in order, with the sign of the exchanges; 1 for n = 0. It overflows where the logarithm does not.</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="lu">L and U [n,n].</param>
    /// <param name="pivots">The exchanges.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape.</exception>
    public static T Determinant<T>(int n, ReadOnlySpan<T> lu, ReadOnlySpan<int> pivots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixCheck.Shape(lu, n, n);
        MatrixCheck.Shape(pivots, n, 1);
        T product = T.One;
        for (int i = 0; i < n; i++)
            product *= pivots[i] != i ? -lu[i * n + i] : lu[i * n + i];
        return product;
    }

    /// <summary>The sign of det A (−1, 0 or 1), and log |det A|, −∞ where it is zero.</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="lu">L and U [n,n].</param>
    /// <param name="pivots">The exchanges.</param>
    /// <exception cref="ArgumentException">A span has another length than its shape.</exception>
    public static (int Sign, T LogAbsolute) LogDeterminant<T>(int n, ReadOnlySpan<T> lu, ReadOnlySpan<int> pivots)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixCheck.Shape(lu, n, n);
        MatrixCheck.Shape(pivots, n, 1);
        int sign = 1;
        T sum = T.Zero;
        for (int i = 0; i < n; i++)
        {
            T pivot = lu[i * n + i];
            if (pivot == T.Zero)
                return (0, T.NegativeInfinity);
            if (pivots[i] != i != T.IsNegative(pivot))
                sign = -sign;
            sum += Functions.Log<T>.At(T.Abs(pivot));
        }
        return (sign, sum);
    }

    private static void Exchange<T>(Span<T> x, Span<T> y)
    {
        for (int i = 0; i < x.Length; i++)
            (x[i], y[i]) = (y[i], x[i]);
    }
}
