using FastGrad.Kernels.Pooling;
using FastGrad.Kernels.Workers;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Kernels;

/// <summary>
/// <c>pool.{max,avg}[_backward].PLANESxHxW.kK.sS</c> and <c>pool.adaptive[_backward].PLANESxHxW.kOUTPUT</c> in float: inputs from seed 1, output gradients from seed 3.
/// </summary>
public static class PoolingWorkloads
{
    /// <summary>LeNet's windows side by side, a residual network's overlapping ones, and the mean of a whole plane.</summary>
    public static IEnumerable<Workload> All =>
    [
        .. Of("max", 4096, 24, 2, 2, 0), .. Of("max", 1024, 56, 3, 2, 1), .. Of("avg", 4096, 24, 2, 2, 0), .. Of("avg", 1024, 56, 3, 1, 1),
        .. Adaptive(8192, 7, 1), .. Adaptive(1024, 28, 6),
    ];

    private static IEnumerable<Workload> Of(string kind, int planes, int side, int kernel, int stride, int padding) =>
        Both(kind, planes, PoolAxis.Sliding(side, kernel, stride, padding), $".k{kernel}.s{stride}", kind == "max");

    private static IEnumerable<Workload> Adaptive(int planes, int side, int output) =>
        Both("adaptive", planes, PoolAxis.Adaptive(side, output), $".k{output}", isMax: false);

    private static IEnumerable<Workload> Both(string kind, int planes, PoolAxis axis, string suffix, bool isMax)
    {
        string size = $"{planes}x{axis.Input}x{axis.Input}{suffix}";
        int inputs = planes * axis.Input * axis.Input, outputs = planes * axis.Output * axis.Output;
        yield return Make($"pool.{kind}.{size}", 4.0 * (inputs + outputs), (x, _, y, _, workers) =>
        {
            if (isMax)
                MaxPool.Forward<float>(planes, axis, axis, x, y, workers: workers);
            else
                AvgPool.Forward<float>(planes, axis, axis, includePadding: true, x, y, workers: workers);
        });
        yield return Make($"pool.{kind}_backward.{size}", 4.0 * (inputs + outputs + (isMax ? inputs : 0)), (x, dy, _, dx, workers) =>
        {
            if (isMax)
                MaxPool.Place<float>(planes, axis, axis, x, dy, dx, workers: workers);
            else
                AvgPool.Backward<float>(planes, axis, axis, includePadding: true, dy, dx, workers: workers);
        });

        Workload Make(string id, double bytes, Action<Floats, Floats, Floats, Floats, WorkerTeam> kernel) => new(id, bytes, WorkUnit.Bytes, threads =>
        {
            bool isBackward = id.Contains("_backward", StringComparison.Ordinal);
            Floats x = Inputs.Uniform(inputs, 1), dy = Inputs.Uniform(outputs, 3), y = new(outputs), dx = new(inputs);
            var workers = new WorkerTeam(threads);
            return new WorkloadRun(() => kernel(x, dy, y, dx, workers), () => Checks.Sum(isBackward ? dx : y), threads, workers.Dispose);
        });
    }
}
