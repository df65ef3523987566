using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Pooling;

/// <summary>Work on one plane after another; planes are independent.</summary>
internal interface IPlaneWork
{
    void Run(int plane);
}

/// <summary>Planes shared among threads, some at a time.</summary>
internal readonly struct PlaneJob<TWork> : IWorkerJob
    where TWork : struct, IPlaneWork
{
    /// <summary>Elements below which another thread is not worth asking.</summary>
    private const long Worthwhile = 16 * 1024;

    private readonly TWork _work;
    private readonly Partition _planes;

    private PlaneJob(TWork work, Partition planes) => (_work, _planes) = (work, planes);

    /// <param name="work">The work.</param>
    /// <param name="planes">How many planes.</param>
    /// <param name="elements">Elements that one plane reads.</param>
    /// <param name="workers">The team; null means the calling thread.</param>
    public static void Run(TWork work, int planes, long elements, WorkerTeam? workers)
    {
        long parts = Math.Min(8L * (workers?.Size ?? 1), planes * elements / Worthwhile);
        if (workers is null || workers.Size == 1 || parts < 2)
        {
            for (int plane = 0; plane < planes; plane++)
                work.Run(plane);
            return;
        }
        var job = new PlaneJob<TWork>(work, new(planes, (int)((planes + parts - 1) / parts)));
        workers.Run(job._planes.Count, ref job);
    }

    public void Execute(int part)
    {
        int first = _planes.Start(part), size = _planes.Size(part);
        for (int plane = first; plane < first + size; plane++)
            _work.Run(plane);
    }
}
