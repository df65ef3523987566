using System.Globalization;
using FastGrad.Cli.Output;
using FastGrad.Workloads;
using FastGrad.Workloads.Measuring;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad bench --allocations</c>: what a steady step allocates, by the calling thread and by all threads together.</summary>
/// <remarks>Exactly, after a few steps: of several rounds the least counts for all threads, since the runtime's own allocate now and then.</remarks>
internal static class BenchAllocations
{
    private const int WarmUp = 12, Steps = 3, Rounds = 3;

    public static int Run(string filter, bool eager, int threads, bool json, CancellationToken stop)
    {
        IReadOnlyList<Workload> workloads = WorkloadCatalogue.Find(filter);
        if (workloads.Count == 0)
            throw new UsageException($"no workload's id contains '{filter}'; 'fastgrad bench --list' prints them.");
        Table table = Screen.Table("workload", "threads", "bytes by the caller", "bytes by all threads");
        foreach (Workload workload in workloads)
        {
            stop.ThrowIfCancellationRequested();
            using WorkloadRun run = (eager && workload.Eager is { } slow ? slow : workload).Prepare(threads);
            (long own, long all) = Count(run);
            if (json)
            {
                JsonLine.Write(writer =>
                {
                    writer.WriteString("workload", workload.Id);
                    writer.WriteNumber("threads", run.Threads);
                    writer.WriteNumber("caller_bytes", own);
                    writer.WriteNumber("all_bytes", all);
                });
            }
            else
            {
                table.AddRow(workload.Id, Text(run.Threads), Text(own), Text(all));
            }
        }
        if (!json)
            Screen.Out.Write(table);
        return Tool.Success;
    }

    private static (long Own, long All) Count(WorkloadRun run)
    {
        for (int step = 0; step < WarmUp; step++)
            run.Step();
        long own = 0, all = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true), mine = GC.GetAllocatedBytesForCurrentThread();
            for (int step = 0; step < Steps; step++)
                run.Step();
            own += GC.GetAllocatedBytesForCurrentThread() - mine;
            all = Math.Min(all, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return (own, all);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
