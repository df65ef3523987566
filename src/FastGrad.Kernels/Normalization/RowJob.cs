using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>A kernel whose rows (or channels, or strips of columns) are independent of each other.</summary>
internal interface IRowKernel
{
    /// <summary>Computes rows first … first + count − 1.</summary>
    void Run(int first, int count);
}

/// <summary>Rows shared among threads. Each row is whole on one thread, so its bits do not depend on their number.</summary>
internal readonly struct RowJob<TKernel> : IWorkerJob
    where TKernel : struct, IRowKernel
{
    /// <summary>Elements that a part must have to be worth handing out: a few microseconds.</summary>
    private const long Worthwhile = 8192;

    private readonly TKernel _kernel;
    private readonly Partition _rows;

    private RowJob(in TKernel kernel, Partition rows) => (_kernel, _rows) = (kernel, rows);

    /// <summary>Computes all rows.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="elements">The number of elements of all rows, which decides whether threads are worth asking.</param>
    /// <param name="workers">The team; none means the calling thread.</param>
    public static void Run(in TKernel kernel, int rows, long elements, WorkerTeam? workers)
    {
        // One part a thread: rows then tend to stay in the cache of the core that computed them last.
        int parts = workers is null ? 1 : (int)Math.Min(Math.Min(rows, workers.Size), elements / Worthwhile);
        if (parts <= 1)
        {
            kernel.Run(0, rows);
            return;
        }
        var job = new RowJob<TKernel>(kernel, new Partition(rows, (rows + parts - 1) / parts));
        workers!.Run(job._rows.Count, ref job);
    }

    public void Execute(int part) => _kernel.Run(_rows.Start(part), _rows.Size(part));
}
