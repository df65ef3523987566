using FastGrad.Kernels.Normalization;
using FastGrad.Kernels.Workers;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Kernels;

/// <summary><c>rows.*.256x1024</c>: 256 rows of 1024 floats from seed 1, the output's gradient from seed 2, into memory that exists. Scales are 1, shifts 0.</summary>
public static class RowWorkloads
{
    private const int Rows = 256, Columns = 1024;
    private const float Epsilon = 1e-5f;

    private delegate void Forward(Floats x, Floats y, WorkerTeam workers);

    private delegate void Backward(Floats saved, Floats dy, Floats dx, WorkerTeam workers);

    private static readonly Floats s_ones = Filled(1), s_zeros = Filled(0);

    /// <summary>Softmax and its logarithm, layer norm and RMS norm; their gradients with respect to the input.</summary>
    public static IEnumerable<Workload> All =>
    [
        Make("softmax", (x, y, workers) => Softmax.Forward<float>(x, Rows, Columns, y, workers)),
        Make("logsoftmax", (x, y, workers) => LogSoftmax.Forward<float>(x, Rows, Columns, y, workers)),
        Make("layernorm", (x, y, workers) => LayerNorm.Forward<float>(x, s_ones, s_zeros, Rows, Columns, Epsilon, y, workers: workers)),
        Make("rmsnorm", (x, y, workers) => RmsNorm.Forward<float>(x, s_ones, Rows, Columns, Epsilon, y, workers: workers)),
        Make("softmax_backward", Softmax.Forward, (y, dy, dx, workers) => Softmax.Backward<float>(y, dy, Rows, Columns, dx, false, workers)),
        Make("logsoftmax_backward", LogSoftmax.Forward, (y, dy, dx, workers) => LogSoftmax.Backward<float>(y, dy, Rows, Columns, dx, false, workers)),
        LayerNormBackward(),
    ];

    private static Floats Filled(float value)
    {
        var floats = new Floats(Columns);
        floats.Span.Fill(value);
        return floats;
    }

    private static Workload Make(string name, Forward kernel) =>
        new($"rows.{name}.{Rows}x{Columns}", 8.0 * Rows * Columns, WorkUnit.Bytes, threads =>
        {
            Floats x = Inputs.Uniform(Rows * Columns, 1), y = new(Rows * Columns);
            var workers = new WorkerTeam(threads);
            return new WorkloadRun(() => kernel(x, y, workers), () => Checks.Sum(y), threads, workers.Dispose);
        });

    private delegate void Prepare(ReadOnlySpan<float> x, int rows, int columns, Span<float> y, WorkerTeam? workers);

    private static Workload Make(string name, Prepare forward, Backward kernel) =>
        new($"rows.{name}.{Rows}x{Columns}", 12.0 * Rows * Columns, WorkUnit.Bytes, threads =>
        {
            Floats x = Inputs.Uniform(Rows * Columns, 1), dy = Inputs.Uniform(Rows * Columns, 2), y = new(Rows * Columns), dx = new(Rows * Columns);
            forward(x, Rows, Columns, y, null);
            var workers = new WorkerTeam(threads);
            return new WorkloadRun(() => kernel(y, dy, dx, workers), () => Checks.Sum(dx), threads, workers.Dispose);
        });

    private static Workload LayerNormBackward() =>
        new($"rows.layernorm_backward.{Rows}x{Columns}", 12.0 * Rows * Columns, WorkUnit.Bytes, threads =>
        {
            Floats x = Inputs.Uniform(Rows * Columns, 1), dy = Inputs.Uniform(Rows * Columns, 2), dx = new(Rows * Columns);
            Floats y = new(Rows * Columns), mean = new(Rows), reciprocal = new(Rows);
            LayerNorm.Forward<float>(x, s_ones, s_zeros, Rows, Columns, Epsilon, y, mean, reciprocal);
            var workers = new WorkerTeam(threads);
            return new WorkloadRun(
                () => LayerNorm.Backward<float>(x, s_ones, mean, reciprocal, dy, Rows, Columns, dx, false, workers),
                () => Checks.Sum(dx), threads, workers.Dispose);
        });
}
