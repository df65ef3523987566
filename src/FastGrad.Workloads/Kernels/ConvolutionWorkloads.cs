using FastGrad.Kernels.Convolution;
using FastGrad.Kernels.Workers;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Workloads.Kernels;

/// <summary>
/// <c>conv.{forward,input,weight}.NxCxHxW.KxRxS</c> in float, with <c>.p1</c>, <c>.s2</c>, <c>.g64</c> where padding, stride and groups are not 0,
/// 1 and 1: K filters of R × S over N images of C × H × W. Input from seed 1, weights from seed 2, output gradient from seed 3.
/// </summary>
public static class ConvolutionWorkloads
{
    private static readonly ConvolutionShape[] s_shapes =
    [
        new(16, 64, 64, new(32, 3, 1, 1), new(32, 3, 1, 1)),
        new(64, 1, 32, new(28, 3), new(28, 3)),
        new(64, 32, 64, new(26, 3), new(26, 3)),
        new(16, 64, 128, new(32, 3, 2, 1), new(32, 3, 2, 1)),
        new(16, 64, 256, new(16, 1), new(16, 1)),
        new(16, 64, 64, new(32, 3, 1, 1), new(32, 3, 1, 1), 64),
        new(16, 64, 64, new(1, 1), new(256, 5, 1, 2)),
        new(1, 512, 512, new(7, 3, 1, 1), new(7, 3, 1, 1)),
    ];

    /// <summary>The three passes over a residual block's layer, LeNet's two, and one each with stride, of points, depthwise, of one row, for a single small image.</summary>
    public static IEnumerable<Workload> All =>
        from shape in s_shapes from pass in (string[])["forward", "input", "weight"] select Make(pass, shape);

    private static Workload Make(string pass, ConvolutionShape shape) =>
        new($"conv.{pass}.{Name(shape)}", 2 * shape.MultiplyAdds, WorkUnit.Flops, threads =>
        {
            Floats x = Inputs.Uniform((int)shape.InputLength, 1), w = Inputs.Uniform((int)shape.WeightLength, 2), dy = Inputs.Uniform((int)shape.OutputLength, 3);
            Floats result = new(pass == "forward" ? dy.Length : pass == "input" ? x.Length : w.Length);
            var workers = new WorkerTeam(threads);
            Action step = pass switch
            {
                "forward" => () => Conv.Forward<float>(shape, x, w, result, workers: workers),
                "input" => () => Conv.InputGradient<float>(shape, dy, w, result, workers: workers),
                _ => () => Conv.WeightGradient<float>(shape, x, dy, result, workers: workers),
            };
            return new WorkloadRun(step, () => Checks.Sum(result), threads, workers.Dispose);
        });

    private static string Name(ConvolutionShape shape)
    {
        (ConvolutionAxis rows, ConvolutionAxis columns) = (shape.Rows, shape.Columns);
        string name = $"{shape.Batch}x{shape.InputChannels}x{rows.Input}x{columns.Input}.{shape.OutputChannels}x{rows.Kernel}x{columns.Kernel}";
        return name + Suffix("p", columns.Padding, 0) + Suffix("s", columns.Stride, 1) + Suffix("g", shape.Groups, 1);

        static string Suffix(string letter, int value, int usual) => value == usual ? "" : $".{letter}{value}";
    }
}
