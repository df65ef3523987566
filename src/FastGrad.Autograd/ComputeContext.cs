using FastGrad.Kernels.Workers;

namespace FastGrad.Autograd;

/// <summary>What computation runs on: a team of workers and a pool of memory.</summary>
/// <remarks>Results do not depend on the context: any number of threads gives the same bits.</remarks>
public sealed class ComputeContext : IDisposable
{
    private static readonly Lazy<ComputeContext> s_default = new(() => new ComputeContext(Environment.ProcessorCount));

    [ThreadStatic]
    private static ComputeContext? s_current;

    private readonly System.Collections.Concurrent.ConcurrentDictionary<Type, object> _pools = new();

    /// <summary>A context with <paramref name="threads"/> threads, the calling one among them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public ComputeContext(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Workers = threads == 1 ? WorkerTeam.Single : new WorkerTeam(threads);
    }

    /// <summary>The context of threads that chose none: as many threads as the machine has processors.</summary>
    public static ComputeContext Default => s_default.Value;

    /// <summary>The context of this thread.</summary>
    public static ComputeContext Current => s_current ?? Default;

    /// <summary>The team that kernels share work among.</summary>
    public WorkerTeam Workers { get; }

    /// <summary>The team for elementwise work on so many elements; null where kernels would not share it anyway, and the context need not be looked up.</summary>
    internal static WorkerTeam? WorkersFor(int length) => length < TiledInstruction.MinLength ? null : Current.Workers;

    /// <summary>The number of threads, the calling one among them.</summary>
    public int Threads => Workers.Size;

    /// <summary>Makes this the context of the current thread until the result is disposed.</summary>
    public Usage Use()
    {
        ComputeContext? previous = s_current;
        s_current = this;
        return new Usage(previous);
    }

    /// <summary>Ends the threads. <see cref="Default"/> needs no end.</summary>
    public void Dispose()
    {
        if (Workers != WorkerTeam.Single)
            Workers.Dispose();
    }

    internal StoragePool<T> Pool<T>()
        where T : unmanaged => (StoragePool<T>)_pools.GetOrAdd(typeof(T), static _ => new StoragePool<T>());

    /// <summary>Restores the previous context of the thread.</summary>
    public readonly ref struct Usage : IDisposable
    {
        private readonly ComputeContext? _previous;

        internal Usage(ComputeContext? previous) => _previous = previous;

        /// <summary>Restores the previous context of the thread.</summary>
        public void Dispose() => s_current = _previous;
    }
}
