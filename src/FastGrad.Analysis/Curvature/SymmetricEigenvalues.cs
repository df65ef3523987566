using FastGrad.Autograd;

namespace FastGrad.Analysis.Curvature;

/// <summary>The eigenvalues of a small symmetric matrix, by cyclic Jacobi rotations: how a Hessian bends.</summary>
/// <remarks>
/// Jacobi 1846; the sweep and the rotation as in Golub and Van Loan, "Matrix Computations", 8.5. O(n³) a sweep, a handful of sweeps: meant for Hessians of
/// at most a few hundred variables. Absolute errors are a few units of rounding of the largest eigenvalue.
/// </remarks>
public static class SymmetricEigenvalues
{
    private const int Sweeps = 60;

    /// <summary>The eigenvalues of (A + Aᵀ)/2, ascending.</summary>
    /// <param name="matrix">A, of shape [n, n].</param>
    /// <exception cref="ArgumentException">The tensor is no square matrix.</exception>
    public static double[] Of(Tensor<double> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rank != 2 || matrix.Shape[0] != matrix.Shape[1])
            throw new ArgumentException($"A tensor of shape {matrix.Shape}; expected a square matrix.", nameof(matrix));
        int n = matrix.Shape[0];
        double[,] a = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                a[i, j] = 0.5 * (matrix[i, j] + matrix[j, i]);
        }
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            double off = 0;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    off += Math.Abs(a[p, q]);
                    Rotate(a, p, q);
                }
            }
            if (off == 0)
                break;
        }
        return [.. Enumerable.Range(0, n).Select(i => a[i, i]).Order()];
    }

    // The rotation of the plane (p, q) that makes a[p, q] vanish.
    private static void Rotate(double[,] a, int p, int q)
    {
        if (a[p, q] == 0)
            return;
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        for (int k = 0; k < a.GetLength(0); k++)
            (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (int k = 0; k < a.GetLength(0); k++)
            (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
        if (Math.Abs(a[p, q]) <= 1e-18 * (Math.Abs(a[p, p]) + Math.Abs(a[q, q])))
            a[p, q] = a[q, p] = 0;
    }
}
