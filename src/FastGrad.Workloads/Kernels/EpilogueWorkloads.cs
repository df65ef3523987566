using FastGrad.Kernels.Activations;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Kernels;

/// <summary>
/// <c>epilogue.{none,relu,gelu,gelu_residual}.MxKxN</c>: C = f(A·Bᵀ + bias) (+ residual) in float, a layer with its weight stored by outputs; A from seed 1, B from
/// seed 2, bias from seed 3, residual from seed 4.
/// </summary>
public static class EpilogueWorkloads
{
    private static readonly (int M, int K, int N)[] s_shapes = [(64, 784, 512), (1024, 128, 512), (256, 512, 10)];

    /// <summary>A plain layer, and the same with what follows it done tile by tile.</summary>
    public static IEnumerable<Workload> All => s_shapes.SelectMany(shape => Of(shape.M, shape.K, shape.N));

    private static IEnumerable<Workload> Of(int m, int k, int n) =>
    [
        Make("none", m, k, n, (a, b, bias, _, c, workers) => Gemm.Multiply<float>(MatrixForm.NT, m, n, k, a, k, b, k, c, n, bias: bias, workers: workers)),
        Make("relu", m, k, n, (a, b, bias, _, c, workers) => Activate(default(Relu<float>), m, n, k, a, b, bias, [], c, workers)),
        Make("gelu", m, k, n, (a, b, bias, _, c, workers) => Activate(default(Gelu<float>), m, n, k, a, b, bias, [], c, workers)),
        Make("gelu_residual", m, k, n, (a, b, bias, residual, c, workers) => Activate(default(Gelu<float>), m, n, k, a, b, bias, residual, c, workers)),
    ];

    private static void Activate<TOperator>(
        TOperator f, int m, int n, int k, Floats a, Floats b, Floats bias, ReadOnlySpan<float> residual, Floats c, WorkerTeam workers)
        where TOperator : struct, IUnaryOperator<float> =>
        Gemm.MultiplyActivate<TOperator, float>(MatrixForm.NT, m, n, k, a, k, b, k, c, n, f, residual: residual, bias: bias, workers: workers);

    private static Workload Make(string name, int m, int k, int n, Action<Floats, Floats, Floats, Floats, Floats, WorkerTeam> kernel) =>
        new($"epilogue.{name}.{m}x{k}x{n}", 2.0 * m * k * n, WorkUnit.Flops, threads =>
        {
            Floats a = Inputs.Uniform(m * k, 1), b = Inputs.Uniform(k * n, 2), bias = Inputs.Uniform(n, 3), residual = Inputs.Uniform(m * n, 4), c = new(m * n);
            var workers = new WorkerTeam(threads);
            return new WorkloadRun(() => kernel(a, b, bias, residual, c, workers), () => Checks.Sum(c), threads, workers.Dispose);
        });
}
