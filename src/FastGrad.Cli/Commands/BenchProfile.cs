using System.Globalization;
using FastGrad.Autograd;
using FastGrad.Cli.Output;
using FastGrad.Workloads;
using FastGrad.Workloads.Measuring;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad bench --profile</c>: what each instruction of a captured training step takes.</summary>
internal static class BenchProfile
{
    private const int WarmUp = 60, Steps = 51;

    public static int Run(string filter, int threads, bool json, CancellationToken stop)
    {
        Workload[] workloads = [.. WorkloadCatalogue.Find(filter).Where(workload => workload.IsTraining)];
        if (workloads.Length == 0)
            throw new UsageException($"no training step's id contains '{filter}'; 'fastgrad bench --list --filter train.' prints them.");
        foreach (Workload workload in workloads)
        {
            stop.ThrowIfCancellationRequested();
            using WorkloadRun run = workload.Prepare(threads);
            run.Profile(WarmUp);
            IReadOnlyList<InstructionTime> times = run.Profile(Steps);
            if (json)
                WriteJson(workload, run.Threads, times);
            else
                WriteText(workload, run.Threads, times);
        }
        return Tool.Success;
    }

    private static void WriteText(Workload workload, int threads, IReadOnlyList<InstructionTime> times)
    {
        double sum = times.Sum(time => time.Microseconds);
        Line($"{workload.Id}, {threads} threads: {sum:0.0} µs in {times.Count} instructions, {times.Sum(time => time.Forks)} forks");
        foreach (InstructionTime time in times)
            Line($"{time.Microseconds,10:0.0} µs {time.Microseconds / sum,6:0.0%} {time.Forks,3} forks {Rate(time),15}  {time.Text.ReplaceLineEndings(" ")}");
    }

    private static void WriteJson(Workload workload, int threads, IReadOnlyList<InstructionTime> times)
    {
        foreach (InstructionTime time in times)
        {
            JsonLine.Write(json =>
            {
                json.WriteString("workload", workload.Id);
                json.WriteNumber("threads", threads);
                json.WriteString("instruction", time.Text);
                json.WriteFinite("median_us", time.Microseconds);
                json.WriteNumber("forks", time.Forks);
                json.WriteNumber("flops", time.Flops);
                json.WriteFinite("gflops", time.GigaflopsPerSecond);
            });
        }
    }

    private static string Rate(InstructionTime time) =>
        time.Flops > 0 ? string.Create(CultureInfo.InvariantCulture, $"{time.GigaflopsPerSecond:0.0} GFLOP/s") : "";

    private static void Line(FormattableString text) => Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
