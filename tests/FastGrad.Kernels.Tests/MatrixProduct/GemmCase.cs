using System.Numerics;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Kernels.Tests.MatrixProduct;

/// <summary>Inputs of one product, and its result by an independent spelling: one scalar chain per element.</summary>
internal sealed class GemmCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly MatrixForm Form;
    public readonly int M, N, K, Lda, Ldb, Ldc;
    public readonly bool Accumulate;
    public readonly T[] A, B, C, Bias;

    public GemmCase(MatrixForm form, int m, int n, int k, int gap = 0, bool accumulate = false, bool bias = false)
    {
        (Form, M, N, K, Accumulate) = (form, m, n, k, accumulate);
        bool aTransposed = form is MatrixForm.TN or MatrixForm.TT, bTransposed = form is MatrixForm.NT or MatrixForm.TT;
        Lda = (aTransposed ? m : k) + gap;
        Ldb = (bTransposed ? k : n) + 2 * gap;
        Ldc = n + 3 * gap;
        A = Matrix(aTransposed ? k : m, aTransposed ? m : k, Lda, 1);
        B = Matrix(bTransposed ? n : k, bTransposed ? k : n, Ldb, 2);
        C = Matrix(m, n, Ldc, 3);
        Bias = bias ? Matrix(1, n, n, 4) : [];
    }

    public T[] Expected()
    {
        T[] c = [.. C];
        for (int i = 0; i < M; i++)
        {
            for (int j = 0; j < N; j++)
            {
                T chain = Accumulate ? C[i * Ldc + j] : T.Zero;
                if (InLanes)
                    chain = Accumulate ? chain + Folded([.. Enumerable.Range(0, Lanes).Select(lane => Lane(i, j, lane))]) : Folded([.. Enumerable.Range(0, Lanes).Select(lane => Lane(i, j, lane))]);
                else
                    for (int l = 0; l < K; l++)
                        chain = Fma(Left(i, l), Right(l, j), chain);
                if (Bias.Length > 0)
                    chain += Bias[j];
                c[i * Ldc + j] = chain;
            }
        }
        return c;
    }

    /// <summary>A vector times lines along k, and few columns where both factors lie along k: lanes instead of one chain.</summary>
    private bool InLanes =>
        (M == 1 && Form is MatrixForm.NT or MatrixForm.TT) || (N == 1 && Form is MatrixForm.NN or MatrixForm.NT)
        || (Form == MatrixForm.NT && N <= Lanes && K >= 4 * Lanes);

    private static int Lanes => typeof(T) == typeof(float) ? 16 : 8;

    private T Left(int i, int l) => Form is MatrixForm.NN or MatrixForm.NT ? A[i * Lda + l] : A[l * Lda + i];

    private T Right(int l, int j) => Form is MatrixForm.NN or MatrixForm.TN ? B[l * Ldb + j] : B[j * Ldb + l];

    private T Lane(int i, int j, int lane)
    {
        T sum = T.Zero;
        for (int l = lane; l < K; l += Lanes)
            sum = Fma(Left(i, l), Right(l, j), sum);
        return K % Lanes != 0 && lane >= K % Lanes ? sum + T.Zero : sum;
    }

    private static T Folded(T[] lanes) =>
        lanes.Length == 1 ? lanes[0] : Folded([.. lanes[..(lanes.Length / 2)].Zip(lanes[(lanes.Length / 2)..], (low, high) => low + high)]);

    public override string ToString() =>
        $"{typeof(T).Name} {Form} {M}x{K}x{N} ld {Lda} {Ldb} {Ldc}{(Accumulate ? " +C" : "")}{(Bias.Length > 0 ? " +bias" : "")}";

    private static T Fma(T a, T b, T c) => typeof(T) == typeof(float)
        ? T.CreateTruncating(MathF.FusedMultiplyAdd(float.CreateTruncating(a), float.CreateTruncating(b), float.CreateTruncating(c)))
        : T.CreateTruncating(Math.FusedMultiplyAdd(double.CreateTruncating(a), double.CreateTruncating(b), double.CreateTruncating(c)));

    /// <summary>Values with full mantissas on both sides of zero; the last row ends with its last element, without a gap.</summary>
    private static T[] Matrix(int rows, int width, int leading, uint seed)
    {
        if (rows == 0 || width == 0)
            return [];
        T[] values = new T[(rows - 1) * leading + width];
        ulong s = seed * 2654435761u + 12345;
        for (int i = 0; i < values.Length; i++)
        {
            s = s * 6364136223846793005 + 1442695040888963407;
            values[i] = T.CreateTruncating((s >> 11) / 9007199254740992.0 * 2 - 1);
        }
        return values;
    }
}
