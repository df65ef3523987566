using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Tests.Guarded;
using FastGrad.Kernels.Workers;
using Xunit;

namespace FastGrad.Kernels.Tests.MatrixProduct;

/// <summary>A product with an epilogue has the bits of the product followed by its parts.</summary>
public sealed class EpilogueTests : IDisposable
{
    private readonly WorkerTeam _two = new(2);

    public void Dispose() => _two.Dispose();

    /// <summary>Vectors, lanes, transposed, direct, packed over several blocks of k, and two threads.</summary>
    [Theory]
    [InlineData(MatrixForm.NN, 1, 70, 33)]
    [InlineData(MatrixForm.NT, 1, 70, 33)]
    [InlineData(MatrixForm.NN, 70, 1, 33)]
    [InlineData(MatrixForm.TN, 40, 9, 50)]
    [InlineData(MatrixForm.NN, 17, 61, 30)]
    [InlineData(MatrixForm.NT, 130, 200, 600)]
    [InlineData(MatrixForm.TN, 250, 100, 520)]
    public void Equals_the_operators_one_by_one(MatrixForm form, int m, int n, int k)
    {
        foreach (int gap in (int[])[0, 1])
        {
            var data = new GemmCase<float>(form, m, n, k, gap, accumulate: gap == 1, bias: true);
            float[] before = data.Expected(), residual = [.. before.Select((_, i) => (i % 11 - 5) / 3f)], expected = [.. data.C];
            for (int i = 0; i < m; i++)
            {
                Span<float> row = expected.AsSpan(i * data.Ldc, n);
                Unary.Apply(new Gelu<float>(), before.AsSpan(i * data.Ldc, n), row);
                for (int j = 0; j < n; j++)
                    row[j] += residual[i * data.Ldc + j];
            }
            foreach (WorkerTeam? workers in (WorkerTeam?[])[null, _two])
            {
                using GuardedMemory<float> c = new(data.C), kept = new(data.C), added = new(residual);
                Gemm.MultiplyActivate(
                    form, m, n, k, data.A, data.Lda, data.B, data.Ldb, c.Span, data.Ldc, new Gelu<float>(), kept.Span, added.Span, data.Accumulate, data.Bias, workers);
                Assert.Equal(expected, c.Span.ToArray());
                Assert.Equal(before, kept.Span.ToArray());
            }
            float[] plain = [.. data.C];
            Gemm.MultiplyActivate(form, m, n, k, data.A, data.Lda, data.B, data.Ldb, plain, data.Ldc, new Gelu<float>(), accumulate: data.Accumulate, bias: data.Bias);
            for (int i = 0; i < m; i++)
                for (int j = 0; j < n; j++)
                    Assert.Equal(expected[i * data.Ldc + j], plain[i * data.Ldc + j] + residual[i * data.Ldc + j]);
        }
    }

    [Fact]
    public void Operands_are_checked()
    {
        float[] a = new float[6], b = new float[6], c = new float[4];
        void Call(float[]? before = null, float[]? residual = null) =>
            Gemm.MultiplyActivate(MatrixForm.NN, 2, 2, 3, a, 3, b, 2, c, 2, new Gelu<float>(), before, residual);
        Call();
        Assert.Throws<ArgumentException>("before", () => Call(before: new float[3]));
        Assert.Throws<ArgumentException>("before", () => Call(before: c));
        Assert.Throws<ArgumentException>("residual", () => Call(residual: new float[3]));
        Assert.Throws<ArgumentException>("residual", () => Call(residual: c));
    }
}
