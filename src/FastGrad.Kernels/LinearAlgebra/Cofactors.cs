using System.Buffers;
using System.Numerics;

namespace FastGrad.Kernels.LinearAlgebra;

/// <summary>C with Cᵢⱼ = (−1)^(i+j)·det(A without row i and column j): the gradient of det A, of singular matrices too.</summary>
/// <remarks>
/// From P·A·Q = L·U with complete pivoting (Golub and Van Loan 2013, Matrix Computations, section 3.4.8), adj A = sgn(P)·sgn(Q)·Q·adj(U)·L⁻¹·P and C = (adj A)ᵀ. Complete pivoting puts
/// a small pivot last, and adj(U) needs no division by the last one: a matrix of rank n − 1 keeps its digits, one of lower rank gives 0 to rounding. About 4n³/3 fused
/// multiply-adds. Scratch is borrowed. Matrices are dense and row-major.
/// </remarks>
public static class Cofactors
{
    /// <summary>Writes C.</summary>
    /// <param name="n">Rows and columns.</param>
    /// <param name="a">A [n,n]; overwritten by its factors.</param>
    /// <param name="cofactors">[n,n], written.</param>
    /// <exception cref="ArgumentException">A span has not n² elements, or they overlap.</exception>
    public static void Write<T>(int n, Span<T> a, Span<T> cofactors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixCheck.Shape<T>(a, n, n);
        MatrixCheck.Shape<T>(cofactors, n, n);
        MatrixCheck.Apart<T>(cofactors, a, nameof(cofactors));
        cofactors.Clear();
        if (n == 0)
            return;
        int[] order = ArrayPool<int>.Shared.Rent(2 * n);
        T[] scratch = ArrayPool<T>.Shared.Rent(2 * n * n);
        Span<int> rows = order.AsSpan(0, n), columns = order.AsSpan(n, n);
        Span<T> m = scratch.AsSpan(0, n * n), corner = scratch.AsSpan(n * n, (n - 1) * (n - 1));
        T product = Factor(n, a, rows, columns);
        // A zero pivot before the last: the rank is below n − 1 and all minors are 0.
        if (product != T.Zero)
        {
            m.Clear();
            for (int i = 0; i < n; i++)
                m[i * n + rows[i]] = T.One;
            TriangularSolve.Solve(upper: false, transposed: false, unitDiagonal: true, n, n, a, m);
            Adjugate(n, a, product, m, corner);
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                    cofactors[j * n + columns[i]] = m[i * n + j];
        }
        ArrayPool<int>.Shared.Return(order);
        ArrayPool<T>.Shared.Return(scratch);
    }

    /// <summary>L and U in place of A; gives sgn(P)·sgn(Q) times all pivots but the last. Of pivots of equal size the first in row-major order is taken.</summary>
    private static T Factor<T>(int n, Span<T> a, Span<int> rows, Span<int> columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < n; i++)
            rows[i] = columns[i] = i;
        T product = T.One;
        for (int k = 0; k < n - 1; k++)
        {
            int row = k, column = k;
            for (int i = k; i < n; i++)
                for (int j = k; j < n; j++)
                    if (T.Abs(a[i * n + j]) > T.Abs(a[row * n + column]))
                        (row, column) = (i, j);
            if (row != k)
            {
                for (int j = 0; j < n; j++)
                    (a[k * n + j], a[row * n + j]) = (a[row * n + j], a[k * n + j]);
                (rows[k], rows[row], product) = (rows[row], rows[k], -product);
            }
            if (column != k)
            {
                for (int i = 0; i < n; i++)
                    (a[i * n + k], a[i * n + column]) = (a[i * n + column], a[i * n + k]);
                (columns[k], columns[column], product) = (columns[column], columns[k], -product);
            }
            T pivot = a[k * n + k];
            product *= pivot;
            if (pivot == T.Zero)
                return T.Zero;
            for (int i = k + 1; i < n; i++)
            {
                T factor = a[i * n + k] /= pivot;
                Rows.AddScaled(-factor, a.Slice(k * n + k + 1, n - k - 1), a.Slice(i * n + k + 1, n - k - 1));
            }
        }
        return product;
    }

    /// <summary>
    /// M becomes adj(U)·M. With U = [[U₁, u], [0, δ]] and p the product of U₁'s pivots, the upper part of the result is p·U₁⁻¹·(δ·M₁ − u·mᵀ), its last row p·mᵀ.
    /// </summary>
    private static void Adjugate<T>(int n, ReadOnlySpan<T> u, T product, Span<T> m, Span<T> corner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int upper = n - 1;
        Span<T> last = m.Slice(upper * n, n);
        T delta = u[n * n - 1];
        for (int i = 0; i < upper; i++)
        {
            Span<T> row = m.Slice(i * n, n);
            foreach (ref T value in row)
                value *= delta;
            Rows.AddScaled(-u[i * n + upper], last, row);
            u.Slice(i * n, upper).CopyTo(corner[(i * upper)..]);
        }
        TriangularSolve.Solve(upper: true, transposed: false, unitDiagonal: false, upper, n, corner, m[..(upper * n)]);
        foreach (ref T value in m)
            value *= product;
    }
}
