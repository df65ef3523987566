using FastGrad.Benchmarks.Peers.Contenders;
using FastGrad.Benchmarks.Peers.Contenders.Libtorch;
using FastGrad.Kernels.Simd;
using FastGrad.Workloads;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Benchmarks.Peers.Contests;

/// <summary>One workload: FastGrad against its peers in this process.</summary>
internal static class Contest
{
    /// <summary>What tables call FastGrad's run, and its run without capture.</summary>
    public const string Own = "FastGrad", OwnEager = "FastGrad eager";

    /// <summary>The ids that contain one of the texts, FastGrad's and those that only a peer has.</summary>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> filters)
    {
        IEnumerable<string> all = WorkloadCatalogue.All.Where(workload => workload.Unit != WorkUnit.Calls).Select(workload => workload.Id).Union(TorchTraining.Ids);
        string[] found = [.. all.Where(id => filters.Count == 0 || filters.Any(filter => id.Contains(filter, StringComparison.Ordinal)))];
        return found.Length > 0 ? found : [.. filters.SelectMany(WorkloadCatalogue.Find).Select(workload => workload.Id)];
    }

    /// <summary>Measures one workload; null where FastGrad's work is on one thread and more are asked for.</summary>
    public static ContestResult? Run(string id, int threads)
    {
        Workload? workload = WorkloadCatalogue.Find(id).FirstOrDefault(workload => workload.Id == id);
        var contenders = new List<(string Name, WorkloadRun Run)>();
        var versions = new Dictionary<string, string>();
        try
        {
            if (workload is not null)
            {
                contenders.Add((Own, workload.Prepare(threads)));
                if (workload.Eager is { } eager)
                    contenders.Add((OwnEager, eager.Prepare(threads)));
            }
            if (workload is not null && contenders[0].Run.Threads < threads)
                return null;
            foreach (Peer peer in PeerCatalogue.Of(id))
            {
                if (peer.Prepare(id, threads) is not { } run)
                    continue;
                contenders.Add((peer.Name, run));
                versions[peer.Name] = peer.Version;
            }
            // Optimizers that no peer has are timed by the tool; here they would stand alone.
            if (versions.Count == 0 && id.StartsWith("opt.", StringComparison.Ordinal))
                return null;
            var neighbours = new Neighbours();
            IReadOnlyList<Timing> timings = new Alternation(threads, calls: id.StartsWith("elem.", StringComparison.Ordinal) ? 40 : 3).Measure(contenders, id.StartsWith("train.", StringComparison.Ordinal));
            Timing first = timings[0];
            return new ContestResult(id, threads, Isa.Name, workload is null ? 0 : workload.Amount * (workload.IsPerThread ? threads : 1), workload?.Unit == WorkUnit.Flops ? "GFLOP/s" : "GB/s")
            {
                OthersCores = neighbours.Cores,
                Contenders =
                [
                    .. timings.Select(timing => timing with
                    {
                        Version = versions.GetValueOrDefault(timing.Name, ""),
                        Agrees = timing == first || workload is null ? null : Agreement.Holds(first, timing, workload),
                    }),
                ],
            };
        }
        finally
        {
            foreach ((_, WorkloadRun run) in contenders)
                run.Dispose();
            GC.Collect();
        }
    }
}
