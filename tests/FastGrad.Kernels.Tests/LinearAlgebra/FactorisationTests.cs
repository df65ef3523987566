using System.Numerics;
using FastGrad.Kernels.LinearAlgebra;
using Xunit;

namespace FastGrad.Kernels.Tests.LinearAlgebra;

/// <summary>Factorisations against the matrices that they factor, computed in binary64, and against small cases known exactly.</summary>
public class FactorisationTests
{
    private static readonly int[] s_sizes = [0, 1, 2, 3, 5, 8, 17, 33, 64, 101];

    [Fact]
    public void Cholesky_factor_times_its_transpose_is_the_matrix()
    {
        foreach (int n in s_sizes)
        {
            CheckCholesky<double>(n, 2e-16);
            CheckCholesky<float>(n, 1.2e-7);
        }
        double[] exact = [4, 0, 0, 12, 37, 0, -16, -43, 98];
        Assert.Equal(-1, Cholesky.Factor<double>(3, exact));
        Assert.Equal([2, 0, 0, 6, 1, 0, -8, 5, 3], exact);
        Assert.Equal(1, Cholesky.Factor<double>(2, new double[] { 1, 2, 2, 4 - 1e-9 }));
        Assert.Equal(0, Cholesky.Factor<double>(1, new[] { double.NaN }));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Triangular_systems_are_solved(bool upper, bool transposed)
    {
        foreach (int n in s_sizes)
        {
            foreach (bool unit in (bool[])[false, true])
            {
                double[] t = Random<double>(n, n, 1), x = Random<double>(n, 3, 2), b = new double[3 * n];
                for (int i = 0; i < n; i++)
                    t[i * n + i] = n + 2; // what the other triangle holds must not matter
                for (int i = 0; i < n; i++)
                {
                    for (int k = 0; k < n; k++)
                    {
                        (int row, int column) = transposed ? (k, i) : (i, k);
                        double entry = row == column ? (unit ? 1 : t[i * n + i]) : row < column == upper ? t[row * n + column] / (n + 2) : 0;
                        for (int c = 0; c < 3; c++)
                            b[i * 3 + c] += entry * x[k * 3 + c];
                    }
                }
                for (int i = 0; i < n * n; i++)
                    t[i] = i / n == i % n ? t[i] : t[i] / (n + 2);
                TriangularSolve.Solve(upper, transposed, unit, n, 3, t, b);
                for (int i = 0; i < b.Length; i++)
                    Assert.Equal(x[i], b[i], 1e-13 * (1 + n));
            }
        }
    }

    [Fact]
    public void Lu_solves_inverts_and_has_the_determinant()
    {
        foreach (int n in s_sizes)
        {
            double[] a = Random<double>(n, n, 3), lu = [.. a], x = Random<double>(n, 4, 5), inverse = new double[n * n];
            int[] pivots = new int[n];
            Assert.Equal(-1, LuDecomposition.Factor<double>(n, lu, pivots));
            foreach (bool transposed in (bool[])[false, true])
            {
                double[] b = new double[4 * n];
                for (int i = 0; i < n; i++)
                    for (int k = 0; k < n; k++)
                        for (int c = 0; c < 4; c++)
                            b[i * 4 + c] += (transposed ? a[k * n + i] : a[i * n + k]) * x[k * 4 + c];
                LuDecomposition.Solve<double>(transposed, n, 4, lu, pivots, b);
                for (int i = 0; i < b.Length; i++)
                    Assert.Equal(x[i], b[i], 1e-9);
            }
            LuDecomposition.Inverse<double>(n, lu, pivots, inverse);
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                    Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, n).Sum(k => a[i * n + k] * inverse[k * n + j]), 1e-9);
        }
        double[] matrix = [0, 2, 0, 3, 0, 0, 0, 0, -5];
        int[] exchanges = new int[3];
        Assert.Equal(-1, LuDecomposition.Factor<double>(3, matrix, exchanges));
        (int sign, double log) = LuDecomposition.LogDeterminant<double>(3, matrix, exchanges); // det = 30
        Assert.Equal(1, sign);
        Assert.Equal(Math.Log(30), log, 1e-14);
        double[] singular = [1, 2, 2, 4];
        Assert.Equal(1, LuDecomposition.Factor<double>(2, singular, exchanges.AsSpan(0, 2)));
        Assert.Equal((0, double.NegativeInfinity), LuDecomposition.LogDeterminant<double>(2, singular, exchanges.AsSpan(0, 2)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 4)]
    [InlineData(4, 7)]
    [InlineData(33, 33)]
    [InlineData(100, 20)]
    [InlineData(0, 3)]
    public void Qr_is_orthonormal_times_triangular(int m, int n)
    {
        int rank = Math.Min(m, n);
        double[] a = Random<double>(m, n, 7), q = new double[m * rank], r = new double[rank * n];
        if (n > 2 && m > 2)
            for (int i = 0; i < m; i++)
                a[i * n + 1] = a[i * n] * 2; // dependent columns
        QrDecomposition.Decompose<double>(m, n, [.. a], q, r);
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
                Assert.Equal(a[i * n + j], Enumerable.Range(0, rank).Sum(k => q[i * rank + k] * r[k * n + j]), 1e-14 * (m + n));
        for (int i = 0; i < rank; i++)
            for (int j = 0; j < rank; j++)
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, m).Sum(k => q[k * rank + i] * q[k * rank + j]), 1e-14 * (m + n));
        for (int i = 0; i < rank; i++)
            for (int j = 0; j < i; j++)
                Assert.Equal(0, r[i * n + j]);
    }

    [Fact]
    public void Eigenvectors_are_orthonormal_and_belong_to_their_values()
    {
        foreach (int n in s_sizes)
        {
            CheckEigen<double>(n, 1e-15);
            CheckEigen<float>(n, 5e-7);
        }
        double[] values = new double[2], vectors = new double[4];
        Assert.True(SymmetricEigen.Decompose<double>(2, [2, 1, 1, 2], values, vectors));
        Assert.Equal(1, values[0], 1e-15);
        Assert.Equal(3, values[1], 1e-15);
        Assert.False(SymmetricEigen.Decompose<double>(1, [double.NaN], values.AsSpan(0, 1)));
        double[] zeros = new double[3];
        Assert.True(SymmetricEigen.Decompose<double>(3, new double[9], zeros));
        Assert.Equal([0, 0, 0], zeros);
    }

    /// <summary>2 on the diagonal, −1 beside it has the eigenvalues 2 − 2·cos(kπ/(n + 1)); scaled near the ends of the exponents too.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void The_second_difference_has_its_cosines(double scale)
    {
        const int n = 50;
        double[] a = new double[n * n], values = new double[n];
        for (int i = 0; i < n; i++)
        {
            a[i * n + i] = 2 * scale;
            if (i > 0)
                a[i * n + i - 1] = a[(i - 1) * n + i] = -scale;
        }
        Assert.True(SymmetricEigen.Decompose<double>(n, a, values));
        for (int k = 1; k <= n; k++)
            Assert.Equal(2 - 2 * Math.Cos(k * Math.PI / (n + 1)), values[k - 1] / scale, 2e-14);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        double[] four = new double[4], three = new double[3];
        Assert.Throws<ArgumentException>("a", () => Cholesky.Factor<double>(2, three));
        Assert.Throws<ArgumentException>("b", () => TriangularSolve.Solve<double>(true, false, false, 2, 2, four, four));
        Assert.Throws<ArgumentException>("pivots", () => LuDecomposition.Factor<double>(2, four, new int[1]));
        Assert.Throws<ArgumentException>("q", () => QrDecomposition.Decompose<double>(2, 2, new double[4], three, four));
        Assert.Throws<ArgumentException>("values", () => SymmetricEigen.Decompose<double>(2, four, three));
    }

    private static void CheckCholesky<T>(int n, double unit) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] root = [.. Random<T>(n, n, 9).Select(double.CreateChecked)];
        T[] a = new T[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                a[i * n + j] = T.CreateChecked(Enumerable.Range(0, n).Sum(k => root[i * n + k] * root[j * n + k]) + (i == j ? 0.5 : 0));
        T[] l = [.. a], x = Random<T>(n, 2, 4);
        Assert.Equal(-1, Cholesky.Factor<T>(n, l));
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double product = 0, size = 0;
                for (int k = 0; k < n; k++)
                {
                    double term = double.CreateChecked(l[i * n + k]) * double.CreateChecked(l[j * n + k]);
                    (product, size) = (product + term, size + Math.Abs(term));
                }
                Assert.Equal(double.CreateChecked(a[i * n + j]), product, (n + 2) * unit * size);
            }
        }
        if (typeof(T) != typeof(double))
            return;
        T[] b = new T[2 * n];
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k++)
                for (int c = 0; c < 2; c++)
                    b[i * 2 + c] += a[i * n + k] * x[k * 2 + c];
        Cholesky.Solve<T>(n, 2, l, b);
        for (int i = 0; i < b.Length; i++)
            Assert.Equal(double.CreateChecked(x[i]), double.CreateChecked(b[i]), 1e-10);
    }

    private static void CheckEigen<T>(int n, double unit) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = Random<T>(n, n, 11), values = new T[n], vectors = new T[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++)
                a[i * n + j] = a[j * n + i];
        Assert.True(SymmetricEigen.Decompose<T>(n, a, values, vectors));
        double[] v = [.. vectors.Select(double.CreateChecked)], d = [.. values.Select(double.CreateChecked)], s = [.. a.Select(double.CreateChecked)];
        Assert.Equal(d.Order(), d);
        double bound = 20 * unit * (n + 1);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(0, n).Sum(k => v[k * n + i] * v[k * n + j]), bound);
                Assert.Equal(s[i * n + j], Enumerable.Range(0, n).Sum(k => v[i * n + k] * d[k] * v[j * n + k]), bound * (1 + Math.Sqrt(n)));
            }
        }
        T[] alone = new T[n];
        Assert.True(SymmetricEigen.Decompose<T>(n, a, alone));
        Assert.Equal(values, alone);
    }

    private static T[] Random<T>(int rows, int columns, uint seed) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[rows * columns];
        ulong s = seed * 2654435761u + 12345;
        foreach (ref T value in values.AsSpan())
        {
            s = s * 6364136223846793005 + 1442695040888963407;
            value = T.CreateTruncating((s >> 11) / 9007199254740992.0 * 2 - 1);
        }
        return values;
    }
}
