using System.Numerics;
using FastGrad.Kernels.MatrixProduct;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Convolution;

/// <summary>A correlation cut by image, group and rows of outputs. The cut may follow the number of threads: it never cuts a chain.</summary>
internal readonly unsafe struct CorrelationJob<TKernels, T> : IWorkerJob
    where TKernels : struct, IKernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Correlation<T> _work;
    private readonly Partition _rows;
    private readonly Partition _units;

    private CorrelationJob(in Correlation<T> work, int rows, int units)
    {
        _work = work;
        _rows = new Partition(work.Rows, rows);
        _units = new Partition(checked(work.Batch * work.Groups * _rows.Count), units);
    }

    public static void Run(in Correlation<T> work, WorkerTeam? workers)
    {
        int planes = work.Batch * work.Groups;
        if (planes == 0)
            return;
        long image = (long)work.M * work.Rows * work.Columns * Math.Max(1, work.Steps);
        long all = image * planes;
        int threads = (int)Math.Clamp(all / GemmJob<TKernels, T>.Worthwhile, 1, workers?.Size ?? 1);
        // Some parts for each thread, so that one which starts late leaves its share to the others.
        int parts = threads == 1 ? 1 : (int)Math.Min(8L * threads, all / GemmJob<TKernels, T>.Worthwhile);
        int rows = work.Rows, units = Math.Max(1, planes / parts);
        if (planes < 2 * threads)
        {
            int blocks = Math.Min(work.Rows, (2 * threads + planes - 1) / planes);
            rows = (work.Rows + blocks - 1) / blocks;
            units = 1;
        }
        var job = new CorrelationJob<TKernels, T>(work, rows, units);
        if (threads == 1)
        {
            for (int part = 0; part < job._units.Count; part++)
                job.Execute(part);
            return;
        }
        workers!.Run(job._units.Count, ref job);
    }

    public void Execute(int part)
    {
        int first = _units.Start(part);
        for (int unit = first; unit < first + _units.Size(part); unit++)
        {
            int block = unit % _rows.Count, plane = unit / _rows.Count;
            int group = plane % _work.Groups, image = plane / _work.Groups;
            if (_work.M == 1)
                DirectLoops<T>.Run(_work, image, group, _rows.Start(block), _rows.Size(block));
            else
                CorrelationLoops<TKernels, T>.Run(_work, image, group, _rows.Start(block), _rows.Size(block));
        }
    }
}
