namespace FastGrad.Kernels.Workers;

/// <summary>Work that <see cref="WorkerTeam.Run{TJob}"/> splits into independent parts.</summary>
/// <remarks>
/// A struct, so that the call is direct and nothing is allocated. Several threads call <see cref="Execute"/> on the same
/// instance at once: parts may read its fields and write the memory its pointers name, each part its own.
/// Memory behind pointers is pinned by the caller for the length of the run.
/// </remarks>
public interface IWorkerJob
{
    /// <summary>Does one part, 0 ≤ <paramref name="part"/> &lt; parts. Which thread does it, and when, is not defined.</summary>
    void Execute(int part);
}
