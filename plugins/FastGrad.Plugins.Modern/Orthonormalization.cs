using System.Numerics;

namespace FastGrad.Plugins.Modern;

/// <summary>The orthonormal factor of a square matrix A = QR, by Gram and Schmidt done twice, in binary64.</summary>
/// <remarks>Twice is enough (Giraud et al. 2005, Numer. Math. 101). A column that depends on those before it becomes the first unit vector that does not.</remarks>
internal static class Orthonormalization
{
    public static void Of<T>(ReadOnlySpan<T> matrix, Span<T> basis, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] q = new double[n * n]; // columns as rows
        for (int k = 0; k < n; k++)
        {
            Span<double> column = q.AsSpan(k * n, n);
            for (int i = 0; i < n; i++)
                column[i] = double.CreateTruncating(matrix[i * n + k]);
            double before = Length(column);
            Project(q, column, k, n);
            for (int unit = 0; !(Length(column) > 1e-13 * before) && unit < n; unit++)
            {
                column.Clear();
                column[unit] = before = 1;
                Project(q, column, k, n);
                if (Length(column) > 0.5 / n)
                    break;
            }
            double length = Length(column);
            for (int i = 0; i < n; i++)
                column[i] /= length;
        }
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i < n; i++)
                basis[i * n + k] = T.CreateTruncating(q[k * n + i]);
        }
    }

    private static void Project(double[] q, Span<double> column, int k, int n)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            for (int j = 0; j < k; j++)
            {
                double along = 0;
                for (int i = 0; i < n; i++)
                    along += q[j * n + i] * column[i];
                for (int i = 0; i < n; i++)
                    column[i] -= along * q[j * n + i];
            }
        }
    }

    private static double Length(ReadOnlySpan<double> x)
    {
        double sum = 0;
        foreach (double element in x)
            sum += element * element;
        return Math.Sqrt(sum);
    }
}
