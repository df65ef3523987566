using FastGrad.Kernels.Indexing;
using FastGrad.Kernels.Normalization;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Workers;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Kernels;

/// <summary><c>axis.*.16x64x1024</c>: along the middle axis of 16 × 64 × 1024 floats from seed 1, the output's gradient from seed 2, into memory that exists.</summary>
public static class AxisWorkloads
{
    private const int Outer = 16, Length = 64, Inner = 1024, All3 = Outer * Length * Inner, Lines = Outer * Inner;

    private delegate void Kernel(Floats x, Floats dy, Floats y, WorkerTeam workers);

    /// <summary>Reductions, cumulative sums, softmax, its logarithm and log-sum-exp along an axis that is not the last.</summary>
    public static IEnumerable<Workload> All =>
    [
        Make("sum", Lines, (x, _, y, _) => Sum.Along<float>(x, Outer, Length, Inner, y, accumulate: false)),
        Make("max", Lines, (x, _, y, _) => Max.Along<float>(x, Outer, Length, Inner, y, accumulate: false)),
        Make("norm", Lines, (x, _, y, _) => Norm.Along<float>(x, Outer, Length, Inner, 2, y)),
        Make("cumsum", All3, (x, _, y, _) => CumulativeSum.Along<float>(x, Outer, Length, Inner, y)),
        Make("softmax", All3, (x, _, y, workers) => SoftmaxAlong.Forward<float>(x, Outer, Length, Inner, y, workers)),
        Make("logsoftmax", All3, (x, _, y, workers) => LogSoftmaxAlong.Forward<float>(x, Outer, Length, Inner, y, workers)),
        Make("logsumexp", Lines, (x, _, y, workers) => LogSumExpAlong.Forward<float>(x, Outer, Length, Inner, y, workers)),
        Make("softmax_backward", All3, (y, dy, dx, workers) => SoftmaxAlong.Backward<float>(y, dy, Outer, Length, Inner, dx, accumulate: false, workers)),
        Make("logsoftmax_backward", All3, (y, dy, dx, workers) => LogSoftmaxAlong.Backward<float>(y, dy, Outer, Length, Inner, dx, accumulate: false, workers)),
    ];

    private static Workload Make(string name, int results, Kernel kernel)
    {
        bool isBackward = name.EndsWith("_backward", StringComparison.Ordinal);
        return new($"axis.{name}.{Outer}x{Length}x{Inner}", 4.0 * ((isBackward ? 2 : 1) * All3 + results), WorkUnit.Bytes, threads =>
        {
            Floats x = Inputs.Uniform(All3, 1), dy = Inputs.Uniform(All3, 2), y = new(results);
            if (name == "softmax_backward")
                SoftmaxAlong.Forward<float>(x, Outer, Length, Inner, x);
            else if (name == "logsoftmax_backward")
                LogSoftmaxAlong.Forward<float>(x, Outer, Length, Inner, x);
            var workers = new WorkerTeam(threads);
            return new WorkloadRun(() => kernel(x, dy, y, workers), () => Checks.Sum(y), threads, workers.Dispose);
        });
    }
}
