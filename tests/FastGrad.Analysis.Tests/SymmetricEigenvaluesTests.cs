using FastGrad.Analysis.Curvature;

namespace FastGrad.Analysis.Tests;

/// <summary>Eigenvalues against matrices whose eigenvalues are known in closed form.</summary>
public sealed class SymmetricEigenvaluesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(20)]
    public void TheSecondDifferenceHasItsCosines(int n)
    {
        // 2 on the diagonal, −1 beside it: 2 − 2·cos(kπ/(n + 1)).
        double[,] a = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            a[i, i] = 2;
            if (i > 0)
                a[i, i - 1] = a[i - 1, i] = -1;
        }
        double[] values = SymmetricEigenvalues.Of(Tensor.From(a));
        for (int k = 1; k <= n; k++)
            Assert.Equal(2 - 2 * Math.Cos(k * Math.PI / (n + 1)), values[k - 1], 1e-13);
    }

    [Fact]
    public void ARankOneMatrixHasOneEigenvalue()
    {
        Tensor<double> v = Tensor.From<double>([1.0, -2, 3], [3, 1]);
        double[] values = SymmetricEigenvalues.Of(v.MatMul(v.Transpose()));
        Assert.Equal([0, 0, 14], values.Select(x => Math.Round(x, 12) + 0.0));
        Assert.Throws<ArgumentException>(() => SymmetricEigenvalues.Of(v));
    }
}
