using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using FastGrad.Cli.Output;
using FastGrad.Kernels.Simd;
using FastGrad.Workloads;
using FastGrad.Workloads.Measuring;
using Spectre.Console;

namespace FastGrad.Cli.Commands;

/// <summary><c>fastgrad bench</c>: the workloads by their ids.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var filter = new Option<string>("--filter")
        {
            Description = "Workloads whose id contains this text; sgemm.{nn,tn,nt}.MxKxN may have any sizes.",
            DefaultValueFactory = _ => "",
        };
        var list = new Option<bool>("--list") { Description = "List the ids and measure nothing." };
        Option<int> threads = CommonOptions.Threads();
        var eager = new Option<bool>("--eager") { Description = "Time train.* workloads without capture." };
        var profile = new Option<bool>("--profile") { Description = "Instead, time each instruction of captured training steps: medians." };
        var allocations = new Option<bool>("--allocations") { Description = "Instead, count the bytes that a steady step allocates, by the calling thread and by all." };
        Option<int> contend = new Option<int>("--contend") { Description = "Meanwhile keep this many cores busy, each by a process of its own." }.InRange(0, 1024);
        var spin = new Option<bool>("--spin") { Hidden = true };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("bench", "Measure workloads: medians over at least nine samples, after a warm-up.") { filter, list, threads, eager, profile, allocations, contend, spin, json };
        command.SetAction((parse, stop) =>
        {
            if (parse.GetValue(spin))
            {
                Contention.Spin();
                return Task.FromResult(Tool.Success);
            }
            if (parse.GetValue(profile))
                return Task.FromResult(BenchProfile.Run(parse.GetValue(filter)!, parse.GetValue(threads), parse.GetValue(json), stop));
            if (parse.GetValue(allocations))
                return Task.FromResult(BenchAllocations.Run(parse.GetValue(filter)!, parse.GetValue(eager), parse.GetValue(threads), parse.GetValue(json), stop));
            using var contention = new Contention(parse.GetValue(contend), StartSpinning);
            return Task.FromResult(
                Run(parse.GetValue(filter)!, parse.GetValue(list), parse.GetValue(eager), parse.GetValue(threads), parse.GetValue(json), stop));
        });
        return command;
    }

    // The tool again: as its own executable, or as an argument of dotnet.
    private static Process StartSpinning()
    {
        string host = Environment.ProcessPath!;
        string[] arguments = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(BenchCommand).Assembly.Location, "bench", "--spin"] : ["bench", "--spin"];
        return Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardInput = true })!;
    }

    private static int Run(string filter, bool list, bool eager, int threads, bool json, CancellationToken stop)
    {
        IReadOnlyList<Workload> workloads = WorkloadCatalogue.Find(filter);
        if (workloads.Count == 0)
            throw new UsageException($"no workload's id contains '{filter}'; 'fastgrad bench --list' prints them.");
        Table table = Screen.Table("workload", "threads", "median µs", "min µs", "rate", "bytes/step", "check", "check20");
        foreach (Workload workload in workloads)
        {
            if (list)
            {
                WriteId(workload, json);
                continue;
            }
            stop.ThrowIfCancellationRequested();
            Console.Error.WriteLine(workload.Id);
            WorkloadResult result = Measurement.Measure(eager && workload.Eager is { } slow ? slow : workload, threads, stop);
            if (json)
                WriteJson(result);
            else
                AddRow(table, result);
        }
        if (!json && !list)
            Screen.Out.Write(table);
        return Tool.Success;
    }

    private static void WriteId(Workload workload, bool json)
    {
        if (json)
            JsonLine.Write(writer => writer.WriteString("workload", workload.Id));
        else
            Console.Out.WriteLine(workload.Id);
    }

    private static void WriteJson(WorkloadResult result) => JsonLine.Write(json =>
    {
        json.WriteString("workload", result.Workload.Id);
        json.WriteNumber("threads", result.Threads);
        json.WriteString("isa", Isa.Name);
        json.WriteNumber("samples", result.Samples);
        json.WriteNumber("steps_per_sample", result.StepsPerSample);
        json.WriteFinite("median_us", result.MedianMicroseconds);
        json.WriteFinite("min_us", result.MinMicroseconds);
        json.WriteFinite("gflops_or_gbs", result.Rate);
        json.WriteString("unit", Unit(result));
        json.WriteFinite("allocated_bytes_per_step", result.AllocatedBytesPerStep);
        json.WriteFinite("check", result.Check);
        if (result.Workload.ExpectedCheck is { } check)
            json.WriteNumber("expected_check", check);
        if (result.Check20 is { } check20)
            json.WriteFinite("check20", check20);
        if (result.Workload.ExpectedCheck20 is { } expected20)
            json.WriteNumber("expected_check20", expected20);
    });

    private static void AddRow(Table table, WorkloadResult result) => table.AddRow(
        result.Workload.Id, Text($"{result.Threads}"), Text($"{result.MedianMicroseconds:0.###}"), Text($"{result.MinMicroseconds:0.###}"),
        Text($"{result.Rate:0.#} {Unit(result)}"), Text($"{result.AllocatedBytesPerStep:0}"), Text($"{result.Check:G6}"), Text($"{result.Check20:G6}"));

    private static string Unit(WorkloadResult result) => result.Workload.Unit switch
    {
        WorkUnit.Flops => "GFLOP/s",
        WorkUnit.Bytes => "GB/s",
        _ => "Gcall/s",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
