using System.Numerics;

namespace FastGrad.Kernels.LinearAlgebra;

/// <summary>op(T)·X = B for a triangular T: the four forms, any number of right-hand sides.</summary>
/// <remarks>
/// By substitution, a row of X at a time. Each column's residual is at most γ_n·|op(T)|·|X| (Higham 2002, Theorem 8.5). A zero on the diagonal gives infinities
/// or NaN, as a division does. Matrices are dense and row-major.
/// </remarks>
public static class TriangularSolve
{
    /// <summary>Replaces B by X.</summary>
    /// <param name="upper">Whether T's upper triangle is read; else the lower one. The other is not looked at.</param>
    /// <param name="transposed">Whether op(T) is Tᵀ.</param>
    /// <param name="unitDiagonal">Whether the diagonal counts as ones and is not read.</param>
    /// <param name="n">Rows of T and B.</param>
    /// <param name="columns">Right-hand sides.</param>
    /// <param name="t">T [n,n].</param>
    /// <param name="b">B [n,columns].</param>
    /// <exception cref="ArgumentException">A span has another length than its shape, or they overlap.</exception>
    public static void Solve<T>(bool upper, bool transposed, bool unitDiagonal, int n, int columns, ReadOnlySpan<T> t, Span<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixCheck.Shape(t, n, n);
        MatrixCheck.Shape<T>(b, n, columns);
        MatrixCheck.Apart(b, t, nameof(b));
        // op(T) is lower triangular: forward, from the first row; else backward, from the last.
        bool forward = upper == transposed;
        for (int step = 0; step < n; step++)
        {
            int i = forward ? step : n - 1 - step;
            Span<T> row = b.Slice(i * columns, columns);
            for (int before = 0; before < step; before++)
            {
                int k = forward ? before : n - 1 - before;
                T factor = transposed ? t[k * n + i] : t[i * n + k];
                Rows.AddScaled(-factor, b.Slice(k * columns, columns), row);
            }
            if (unitDiagonal)
                continue;
            T pivot = t[i * n + i];
            foreach (ref T x in row)
                x /= pivot;
        }
    }
}
