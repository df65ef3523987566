using System.Runtime.CompilerServices;

namespace FastGrad.Kernels.Workers;

/// <summary>A persistent team of threads for fork/join work: the calling thread plus <see cref="Size"/> − 1 workers.</summary>
/// <remarks>
/// <para>A hot fork/join costs well under a microsecond and allocates nothing. Idle workers spin for some tens of microseconds,
/// then yield for about a millisecond, then sleep until the next run. The caller never waits for a sleeping worker: parts
/// are handed out one at a time, and a worker that wakes too late finds none left.</para>
/// <para>Several user threads may share a team. While one runs, the others do their parts themselves; so does a part that
/// calls <see cref="Run{TJob}"/> again. Results do not depend on who does a part.</para>
/// <para>Threads are background threads and hold no reference to the team: a forgotten team ends with its finalizer.</para>
/// </remarks>
public sealed unsafe class WorkerTeam : IDisposable
{
    private readonly WorkerCrew? _crew;

    /// <summary>The team of one: the caller does everything, no thread exists.</summary>
    public static WorkerTeam Single { get; } = new(1);

    /// <summary>Makes a team that computes on <paramref name="size"/> threads, the caller's included.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is less than 1 or more than 1024.</exception>
    public WorkerTeam(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, 1024);
        Size = size;
        _crew = size > 1 ? new WorkerCrew(size - 1) : null;
        if (_crew is null)
            GC.SuppressFinalize(this);
    }

    /// <summary>Ends the threads of a team that was not disposed.</summary>
    ~WorkerTeam() => _crew?.Stop();

    /// <summary>Threads that compute, the caller's included.</summary>
    public int Size { get; }

    /// <summary>The runs that were shared out so far: forks, each with its join. Runs that the caller did alone are not among them.</summary>
    public long Forks => _crew?.Runs ?? 0;

    /// <summary>Executes parts 0 … <paramref name="parts"/> − 1 of <paramref name="job"/> and returns when all are done.</summary>
    /// <remarks>
    /// The job is reached by reference and pinned meanwhile; it is not copied. After <see cref="Dispose"/> the caller does all
    /// parts. When a part throws, parts not yet started are skipped, and the first exception reaches the caller.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="parts"/> is negative.</exception>
    public void Run<TJob>(int parts, ref TJob job) where TJob : struct, IWorkerJob
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parts);
        if (parts > 1 && _crew is not null && _crew.TryReserve())
        {
            fixed (byte* address = &Unsafe.As<TJob, byte>(ref job))
                _crew.Run(parts, address, &Execute<TJob>);
            GC.KeepAlive(this);
            return;
        }
        for (int part = 0; part < parts; part++)
            job.Execute(part);
    }

    /// <summary>Ends the workers; waits until they have left a run in progress. The team stays usable, on the caller alone.</summary>
    public void Dispose()
    {
        if (_crew is null)
            return;
        _crew.Stop();
        _crew.Join();
        GC.SuppressFinalize(this);
    }

    private static void Execute<TJob>(void* job, int part) where TJob : struct, IWorkerJob =>
        Unsafe.AsRef<TJob>(job).Execute(part);
}
