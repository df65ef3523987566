using FastGrad.Workloads.Measuring;

namespace FastGrad.Benchmarks.Peers.Contenders;

/// <summary>A library that does some of the workloads.</summary>
/// <param name="name">What tables call it.</param>
internal abstract class Peer(string name)
{
    /// <summary>What tables call it.</summary>
    public string Name { get; } = name;

    /// <summary>Version, and what the library says of the kernels it chose.</summary>
    public abstract string Version { get; }

    /// <summary>The workload of this id, made ready, or null where the peer has no such work.</summary>
    public abstract WorkloadRun? Prepare(string id, int threads);
}
