using System.Numerics;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;

namespace FastGrad.Legs.Cases;

/// <summary>Products on every path: tiny, skinny, plain, transposed and packed, over more than one block of k.</summary>
internal static class MatrixProductCases
{
    private static readonly (int M, int K, int N)[] s_shapes =
        [(4, 2, 16), (1, 300, 70), (70, 300, 1), (1, 37, 130), (40, 90, 9), (33, 50, 10), (33, 150, 10), (64, 128, 80), (120, 400, 100)];

    public static IEnumerable<Case> All(WorkerTeam workers)
    {
        foreach (MatrixForm form in (MatrixForm[])[MatrixForm.NN, MatrixForm.TN, MatrixForm.NT, MatrixForm.TT])
        {
            foreach ((int m, int k, int n) in s_shapes)
            {
                yield return new($"gemm.{form}.{m}x{k}x{n}.float", digest => Product<float>(digest, form, m, k, n, workers));
                if (m < 120 || form == MatrixForm.NN)
                    yield return new($"gemm.{form}.{m}x{k}x{n}.double", digest => Product<double>(digest, form, m, k, n, workers));
            }
        }
    }

    private static void Product<T>(Digest digest, MatrixForm form, int m, int k, int n, WorkerTeam workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ulong stream = 10 * (ulong)form;
        T[] a = Inputs.Uniform<T>(m * k, stream + 1), b = Inputs.Uniform<T>(k * n, stream + 2);
        T[] c = Inputs.Uniform<T>(m * n, stream + 3), bias = Inputs.Uniform<T>(n, stream + 4);
        int lda = form is MatrixForm.NN or MatrixForm.NT ? k : m, ldb = form is MatrixForm.NN or MatrixForm.TN ? n : k;
        Gemm.Multiply<T>(form, m, n, k, a, lda, b, ldb, c, n, accumulate: true, bias, workers);
        digest.Add<T>(c);
        Gemm.Multiply<T>(form, m, n, k, a, lda, b, ldb, c, n, workers: workers);
        digest.Add<T>(c);
    }
}
