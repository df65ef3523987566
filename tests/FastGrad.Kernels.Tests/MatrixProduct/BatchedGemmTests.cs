using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;
using Xunit;

namespace FastGrad.Kernels.Tests.MatrixProduct;

public class BatchedGemmTests
{
    /// <summary>Every product of the batch is the product alone; strides with gaps, and one B for all.</summary>
    [Theory]
    [InlineData(1, 5, 20, 9, true)]
    [InlineData(7, 5, 20, 9, false)]
    [InlineData(7, 30, 40, 50, true)]
    [InlineData(2, 64, 64, 64, false)]
    public void Equals_the_single_products(int batch, int m, int n, int k, bool oneB)
    {
        using var workers = new WorkerTeam(2);
        var all = new GemmCase<float>(MatrixForm.NN, batch * (m + 1), n, k);
        int strideA = (m + 1) * k, strideB = oneB ? 0 : 3, strideC = (m + 1) * n;
        float[] b = [.. new GemmCase<float>(MatrixForm.NN, 1, n, k).B, .. new float[3 * batch]];
        float[] expected = [.. all.C], actual = [.. all.C];
        for (int i = 0; i < batch; i++)
            Gemm.Reference<float>(MatrixForm.NN, m, n, k, all.A.AsSpan(i * strideA), k, b.AsSpan(i * strideB), n, expected.AsSpan(i * strideC), n, accumulate: true);
        BatchedGemm.Multiply<float>(MatrixForm.NN, batch, m, n, k, all.A, k, strideA, b, n, strideB, actual, n, strideC, accumulate: true, workers);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        float[] a = new float[12], c = new float[8];
        void Call(int batch = 2, int strideA = 6, int strideB = 6, int strideC = 4, float[]? b = null) =>
            BatchedGemm.Multiply<float>(MatrixForm.NN, batch, 2, 2, 3, a, 3, strideA, b ?? new float[12], 2, strideB, c, 2, strideC);
        Call();
        Call(batch: 0);
        Assert.Throws<ArgumentOutOfRangeException>("batch", () => Call(batch: -1));
        Assert.Throws<ArgumentOutOfRangeException>("strideA", () => Call(strideA: -1));
        Assert.Throws<ArgumentException>("strideC", () => Call(strideC: 3));
        Assert.Throws<ArgumentException>("a", () => Call(strideA: 7));
        Assert.Throws<ArgumentException>("b", () => Call(strideB: 13));
        Assert.Throws<ArgumentException>("c", () => Call(b: c, strideB: 0));
    }
}
