using System.Numerics;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Convolution;

/// <summary>A weight gradient cut by group, input channels and output channels; each part walks over the whole batch.</summary>
internal readonly unsafe struct WeightGradientJob<TKernels, T> : IWorkerJob
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of dw that one part holds: in L2, beside what it reads.</summary>
    private const int Held = 64 * 1024;

    private readonly WeightGradient<T> _work;
    private readonly Partition _inputs, _outputs;

    private WeightGradientJob(in WeightGradient<T> work, int inputs, int outputs)
    {
        _work = work;
        _inputs = new(work.Shape.GroupInputs, inputs);
        _outputs = new(work.Shape.GroupOutputs, outputs);
    }

    public static void Run(in WeightGradient<T> work, WorkerTeam? workers)
    {
        ConvolutionShape shape = work.Shape;
        int threads = (int)Math.Clamp(shape.MultiplyAdds / GemmJob<TKernels, T>.Worthwhile, 1, workers?.Size ?? 1);
        int inputs = shape.GroupInputs, outputs = shape.GroupOutputs;
        if (!shape.IsDepthwise)
        {
            // Input channels first: each part transposes its output channels anew.
            int wanted = threads <= shape.Groups ? 1 : (threads + shape.Groups - 1) / shape.Groups;
            inputs = Share(inputs, Math.Max(wanted, (int)Math.Min(int.MaxValue, (long)shape.Window * inputs * outputs / Held)), 1);
            int parts = (shape.GroupInputs + inputs - 1) / inputs;
            if (parts < wanted)
                outputs = Share(outputs, (wanted + parts - 1) / parts, TKernels.Lanes);
        }
        var job = new WeightGradientJob<TKernels, T>(work, inputs, outputs);
        int count = shape.Groups * job._inputs.Count * job._outputs.Count;
        if (threads > 1)
        {
            workers!.Run(count, ref job);
            return;
        }
        for (int part = 0; part < count; part++)
            job.Execute(part);
    }

    public void Execute(int part)
    {
        int outputs = part % _outputs.Count, inputs = part / _outputs.Count % _inputs.Count, group = part / _outputs.Count / _inputs.Count;
        if (_work.Shape.IsDepthwise)
            DepthwiseWeightLoops<T>.Run(_work, group);
        else
            WeightGradientLoops<TKernels, T>.Run(_work, group, _inputs.Start(inputs), _inputs.Size(inputs), _outputs.Start(outputs), _outputs.Size(outputs));
    }

    private static int Share(int length, int parts, int multiple)
    {
        int share = (length + parts - 1) / parts;
        return Math.Min(length, (share + multiple - 1) / multiple * multiple);
    }
}
