using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Kernels;

/// <summary><c>sgemm.{nn,tn,nt}.MxKxN</c>: C[M,N] = op(A)·op(B) in float, A from seed 1, B from seed 2.</summary>
public static class MatrixProductWorkloads
{
    private static readonly (int M, int K, int N)[] s_shapes =
    [
        (64, 64, 64), (128, 128, 128), (256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (2048, 2048, 2048),
        (4, 2, 16), (32, 128, 10), (1, 784, 512), (64, 784, 512), (64, 512, 256), (64, 256, 10),
    ];

    // What layers ask for besides: gradients of weights with few rows to sum over and with many, gradients of inputs, long and thin products.
    private static readonly (string Form, int M, int K, int N)[] s_skinny =
    [
        ("tn", 784, 64, 512), ("tn", 512, 64, 256), ("tn", 784, 256, 512), ("nt", 64, 512, 784), ("nn", 256, 784, 512),
        ("nn", 1024, 128, 384), ("nn", 1024, 128, 512), ("nn", 1024, 512, 128), ("tn", 128, 1024, 512),
        ("nn", 16, 8192, 16), ("nn", 8192, 16, 16), ("nn", 64, 9216, 128),
    ];

    private static readonly (string Name, MatrixForm Form)[] s_forms = [("nn", MatrixForm.NN), ("tn", MatrixForm.TN), ("nt", MatrixForm.NT)];

    /// <summary>Squares up to 2048 and the shapes of small networks in the three forms of a layer; skinny ones in the form they occur in.</summary>
    public static IEnumerable<Workload> All =>
    [
        .. from form in s_forms from shape in s_shapes select Make(form.Name, form.Form, shape.M, shape.K, shape.N),
        .. from shape in s_skinny select Parse($"sgemm.{shape.Form}.{shape.M}x{shape.K}x{shape.N}"),
    ];

    /// <summary>The workload of an id with any sizes, or null where the id is none of <c>sgemm.*</c>.</summary>
    public static Workload? Parse(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        string[] parts = id.Split('.');
        if (parts.Length != 3 || parts[0] != "sgemm")
            return null;
        int[] sizes = [.. parts[2].Split('x').Select(size => int.TryParse(size, out int value) ? value : 0)];
        foreach ((string name, MatrixForm form) in s_forms)
            if (name == parts[1] && sizes is [> 0 and <= 16384, > 0 and <= 16384, > 0 and <= 16384])
                return Make(name, form, sizes[0], sizes[1], sizes[2]);
        return null;
    }

    private static Workload Make(string name, MatrixForm form, int m, int k, int n) =>
        new($"sgemm.{name}.{m}x{k}x{n}", 2.0 * m * k * n, WorkUnit.Flops, threads =>
        {
            Floats a = Inputs.Uniform(m * k, 1), b = Inputs.Uniform(k * n, 2), c = new(m * n);
            int lda = form == MatrixForm.TN ? m : k, ldb = form == MatrixForm.NT ? k : n;
            var workers = new WorkerTeam(threads);
            return new WorkloadRun(
                () => Gemm.Multiply<float>(form, m, n, k, a, lda, b, ldb, c, n, workers: workers),
                () => Checks.Sum(c), threads, workers.Dispose);
        });
}
