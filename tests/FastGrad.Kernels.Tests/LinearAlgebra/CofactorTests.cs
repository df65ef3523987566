using FastGrad.Kernels.LinearAlgebra;
using FastGrad.Kernels.Philox;
using Xunit;

namespace FastGrad.Kernels.Tests.LinearAlgebra;

/// <summary>Cofactors against minors by expansion, and by Laplace's rule A·Cᵀ = det A·I; of singular matrices too.</summary>
public class CofactorTests
{
    [Fact]
    public void Whole_numbers_give_the_minors_themselves()
    {
        for (int n = 0; n <= 5; n++)
        {
            double[] a = Numbers(n, (ulong)n);
            Check(n, a, 1e-12);
        }
    }

    [Fact]
    public void A_singular_matrix_keeps_its_cofactors()
    {
        Check(2, [1, 2, 2, 4], 1e-15);
        Check(3, [1, 2, 3, 2, 4, 6, 0, 1, 5], 1e-14); // rank 2
        Check(3, [1, 2, 3, 2, 4, 6, 3, 6, 9], 1e-14); // rank 1: all minors are 0
        Check(3, new double[9], 0);
        Check(4, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17], 1e-12); // rank 3
        Check(4, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], 1e-12); // rank 2
        Check(1, [0], 0);
    }

    [Fact]
    public void Laplace_s_rule_holds_for_larger_matrices()
    {
        const int n = 41;
        double[] a = new double[n * n], cofactors = new double[n * n], lu;
        new PhiloxStream(5, 1).FillUniform(a.AsSpan(), -1.0, 1.0);
        lu = [.. a];
        int[] pivots = new int[n];
        LuDecomposition.Factor<double>(n, lu, pivots);
        double determinant = LuDecomposition.Determinant<double>(n, lu, pivots);
        (int sign, double log) = LuDecomposition.LogDeterminant<double>(n, lu, pivots);
        Assert.Equal(sign * Math.Exp(log), determinant, 1e-10 * Math.Abs(determinant));
        Cofactors.Write<double>(n, [.. a], cofactors);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int k = 0; k < n; k++)
                    sum += a[i * n + k] * cofactors[j * n + k];
                Assert.Equal(i == j ? determinant : 0, sum, 1e-11 * Math.Abs(determinant));
            }
        }
    }

    [Fact]
    public void Shapes_are_checked()
    {
        Assert.Throws<ArgumentException>("cofactors", () => Cofactors.Write<double>(2, new double[4], new double[3]));
        double[] a = new double[4];
        Assert.Throws<ArgumentException>("cofactors", () => Cofactors.Write<double>(2, a, a));
    }

    private static double[] Numbers(int n, ulong seed)
    {
        double[] a = new double[n * n];
        new PhiloxStream(seed, 3).FillUniform(a.AsSpan(), -5.0, 5.0);
        return [.. a.Select(v => Math.Round(v))];
    }

    private static void Check(int n, double[] a, double tolerance)
    {
        double[] cofactors = new double[n * n];
        Cofactors.Write<double>(n, [.. a], cofactors);
        double scale = 1;
        for (int i = 0; i < n * n; i++)
            scale = Math.Max(scale, Math.Abs(Minor(n, a, i / n, i % n)));
        for (int i = 0; i < n * n; i++)
            Assert.Equal(Minor(n, a, i / n, i % n) * ((i / n + i % n) % 2 == 0 ? 1 : -1), cofactors[i], tolerance * scale);
    }

    // Exact for small whole numbers.
    private static double Minor(int n, double[] a, int row, int column)
    {
        double[] rest = [.. Enumerable.Range(0, n * n).Where(i => i / n != row && i % n != column).Select(i => a[i])];
        return Determinant(n - 1, rest);
    }

    private static double Determinant(int n, double[] a) =>
        n == 0 ? 1 : Enumerable.Range(0, n).Sum(j => (j % 2 == 0 ? 1 : -1) * a[j] * Minor(n, a, 0, j));
}
