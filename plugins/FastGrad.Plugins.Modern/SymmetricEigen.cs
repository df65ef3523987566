using System.Numerics;
using FastGrad.Kernels.Functions;

namespace FastGrad.Plugins.Modern;

/// <summary>Eigenvectors and powers of symmetric matrices by Jacobi's cyclic rotations, in binary64.</summary>
/// <remarks>
/// Golub and Van Loan 2013, Matrix Computations, section 8.5. Additions, products, quotients and square roots in one fixed order: the same
/// bits on every machine. The eigenvectors of a multiple eigenvalue are whatever the rotations leave.
/// </remarks>
internal static class SymmetricEigen
{
    private const int MostSweeps = 30;

    /// <summary>A^power, with eigenvalues raised to at least <paramref name="least"/>.</summary>
    public static void Power<T>(ReadOnlySpan<T> matrix, Span<T> result, int n, double power, double least)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double[] values, double[] vectors) = Decompose(matrix, n);
        double[] scaled = new double[n * n];
        for (int k = 0; k < n; k++)
        {
            double factor = Pow<double>.At(Math.Max(values[k], least), power);
            for (int i = 0; i < n; i++)
                scaled[k * n + i] = factor * vectors[k * n + i];
        }
        double[] row = new double[n];
        for (int i = 0; i < n; i++)
        {
            Array.Clear(row);
            for (int k = 0; k < n; k++)
            {
                double factor = scaled[k * n + i];
                for (int j = 0; j < n; j++)
                    row[j] += factor * vectors[k * n + j];
            }
            for (int j = 0; j < n; j++)
                result[i * n + j] = T.CreateTruncating(row[j]);
        }
    }

    /// <summary>The eigenvectors as columns, by descending eigenvalue.</summary>
    public static void Vectors<T>(ReadOnlySpan<T> matrix, Span<T> vectors, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double[] values, double[] rows) = Decompose(matrix, n);
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(k => values[k])];
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i < n; i++)
                vectors[i * n + k] = T.CreateTruncating(rows[order[k] * n + i]);
        }
    }

    /// <summary>Eigenvalues, and eigenvectors as rows.</summary>
    private static (double[] Values, double[] Vectors) Decompose<T>(ReadOnlySpan<T> matrix, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] a = new double[n * n], v = new double[n * n];
        double size = 0;
        for (int i = 0; i < n; i++)
        {
            v[i * n + i] = 1;
            for (int j = 0; j < n; j++)
            {
                // Products of rounded factors are symmetric already; a mean costs nothing and makes sure.
                a[i * n + j] = 0.5 * (double.CreateTruncating(matrix[i * n + j]) + double.CreateTruncating(matrix[j * n + i]));
                size += a[i * n + j] * a[i * n + j];
            }
        }
        for (int sweep = 0; sweep < MostSweeps && OffDiagonal(a, n) > 1e-32 * size; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                    Rotate(a, v, n, p, q);
            }
        }
        return ([.. Enumerable.Range(0, n).Select(i => a[i * n + i])], v);
    }

    private static double OffDiagonal(double[] a, int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                sum += i == j ? 0 : a[i * n + j] * a[i * n + j];
        }
        return sum;
    }

    private static void Rotate(double[] a, double[] v, int n, int p, int q)
    {
        double off = a[p * n + q];
        if (off == 0)
            return;
        double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1)), c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        for (int k = 0; k < n; k++)
        {
            (double x, double y) = (a[k * n + p], a[k * n + q]);
            (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y);
        }
        for (int k = 0; k < n; k++)
        {
            (double x, double y) = (a[p * n + k], a[q * n + k]);
            (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y);
            (x, y) = (v[p * n + k], v[q * n + k]);
            (v[p * n + k], v[q * n + k]) = (c * x - s * y, s * x + c * y);
        }
    }
}
