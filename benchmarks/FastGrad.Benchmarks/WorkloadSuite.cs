using BenchmarkDotNet.Attributes;
using FastGrad.Workloads;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Benchmarks;

/// <summary>The workloads of one kind, as <c>fastgrad bench</c> runs them.</summary>
[MemoryDiagnoser]
public abstract class WorkloadSuite
{
    private WorkloadRun? _run;

    /// <summary>The beginning of the ids.</summary>
    protected abstract string Prefix { get; }

    /// <summary>The workloads.</summary>
    public IEnumerable<Workload> Workloads => WorkloadCatalogue.All.Where(workload => workload.Id.StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>The workload measured.</summary>
    [ParamsSource(nameof(Workloads))]
    public Workload? Workload { get; set; }

    /// <summary>The threads at most.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Makes the inputs.</summary>
    [GlobalSetup]
    public void Prepare() => _run = Workload!.Prepare(Threads);

    /// <summary>Ends the threads.</summary>
    [GlobalCleanup]
    public void Release() => _run!.Dispose();

    /// <summary>One step.</summary>
    [Benchmark]
    public void Step() => _run!.Step();
}
