using FastGrad.Kernels.Normalization;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Kernels;

/// <summary><c>rows.*.256x1024</c>: 256 rows of 1024 floats from seed 1, on one thread, into memory that exists.</summary>
public static class RowWorkloads
{
    private const int Rows = 256, Columns = 1024;

    private delegate void RowKernel(ReadOnlySpan<float> x, int rows, int columns, Span<float> y);

    /// <summary>Softmax and its logarithm.</summary>
    public static IEnumerable<Workload> All => [Make("softmax", Softmax.Forward), Make("logsoftmax", LogSoftmax.Forward)];

    private static Workload Make(string name, RowKernel kernel) =>
        new($"rows.{name}.{Rows}x{Columns}", 8.0 * Rows * Columns, WorkUnit.Bytes, _ =>
        {
            Floats x = Inputs.Uniform(Rows * Columns, 1), y = new(Rows * Columns);
            return new WorkloadRun(() => kernel(x, Rows, Columns, y), () => Checks.Sum(y));
        });
}
