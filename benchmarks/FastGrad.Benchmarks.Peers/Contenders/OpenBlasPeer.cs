using FastGrad.Workloads.Kernels;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Benchmarks.Peers.Contenders;

/// <summary><c>sgemm.*</c> by OpenBLAS.</summary>
internal sealed unsafe class OpenBlasPeer() : Peer("OpenBLAS")
{
    private const double ShortFlops = 1e6;

    public static OpenBlasPeer Instance { get; } = new();

    public override string Version => $"{OpenBlas.Version} {OpenBlas.CoreName}";

    public override WorkloadRun? Prepare(string id, int threads)
    {
        string[] parts = id.Split('.');
        int[] sizes = [.. parts[2].Split('x').Select(int.Parse)];
        (int m, int k, int n) = (sizes[0], sizes[1], sizes[2]);
        bool transposeA = parts[1] == "tn", transposeB = parts[1] == "nt";
        Floats a = Inputs.Uniform(m * k, 1), b = Inputs.Uniform(k * n, 2), c = new(m * n);
        int formA = transposeA ? OpenBlas.Transpose : OpenBlas.NoTranspose, formB = transposeB ? OpenBlas.Transpose : OpenBlas.NoTranspose;
        int lda = transposeA ? m : k, ldb = transposeB ? k : n;
        OpenBlas.SetThreads(threads);
        Action step = 2.0 * m * k * n <= ShortFlops
            ? () => OpenBlas.MultiplyShort(OpenBlas.RowMajor, formA, formB, m, n, k, 1, a.Pointer, lda, b.Pointer, ldb, 0, c.Pointer, n)
            : () => OpenBlas.Multiply(OpenBlas.RowMajor, formA, formB, m, n, k, 1, a.Pointer, lda, b.Pointer, ldb, 0, c.Pointer, n);
        return new WorkloadRun(step, () => Checks.Sum(c), threads);
    }
}
