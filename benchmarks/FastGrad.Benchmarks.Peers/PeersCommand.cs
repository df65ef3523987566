using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics;
using System.Globalization;
using FastGrad.Benchmarks.Peers.Contests;
using FastGrad.Benchmarks.Peers.Processes;
using FastGrad.Benchmarks.Peers.Results;

namespace FastGrad.Benchmarks.Peers;

/// <summary>The program: FastGrad against its peers, each family of workloads, number of threads and leg in a process of its own.</summary>
internal static class PeersCommand
{
    private const int Attempts = 3; // where other processes took part of the machine

    private static readonly int[] s_threads = [1, 2];

    public static Command Create()
    {
        var filter = new Option<string[]>("--filter") { Description = "Workloads whose id contains one of these texts; all, if none is given.", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
        var threads = new Option<int[]>("--threads") { Description = "Threads for every contender; 1 and 2, if none is given.", DefaultValueFactory = _ => s_threads, AllowMultipleArgumentsPerToken = true };
        var leg = new Option<string>("--leg") { Description = "native, or avx2: everyone without AVX-512.", DefaultValueFactory = _ => Leg.Native };
        leg.AcceptOnlyFromAmong(Leg.Native, Leg.Avx2);
        var json = new Option<bool>("--json") { Description = "Write one JSON object a workload to standard output." };
        var results = new Option<DirectoryInfo>("--results") { Description = "Where results are kept; benchmarks/results, if not given.", DefaultValueFactory = _ => new DirectoryInfo(ResultStore.DefaultFolder) };
        var dry = new Option<bool>("--dry") { Description = "Keep no results." };
        var report = new Option<bool>("--report") { Description = "Measure nothing; write the tables of what was measured." };
        var child = new Option<bool>("--child") { Hidden = true };
        var command = new Command("peers", "FastGrad against OpenBLAS, TensorPrimitives and libtorch, alternating in one process; ratios above 1 say that FastGrad is faster.")
        {
            filter, threads, leg, json, results, dry, report, child, new HelpOption(),
        };
        command.SetAction(parse =>
        {
            var store = new ResultStore(parse.GetValue(results)!.FullName);
            if (parse.GetValue(child))
                return Child(parse.GetValue(filter)!, parse.GetValue(threads)![0]);
            if (!parse.GetValue(report))
            {
                ContestResult[] measured = [.. Measure(parse.GetValue(filter)!, parse.GetValue(threads)!, parse.GetValue(leg)!, parse.GetValue(json))];
                if (!parse.GetValue(json))
                    Console.Write(TextTable.Means(measured));
                if (!parse.GetValue(dry))
                    store.Keep(measured);
            }
            if (!parse.GetValue(dry))
                Report.Write(store);
            return 0;
        });
        return command;
    }

    private static IEnumerable<ContestResult> Measure(string[] filters, int[] threads, string leg, bool json)
    {
        var families = Contest.Find(filters).GroupBy(id => id.Split('.')[0]).ToList();
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        foreach (int count in threads)
            foreach (IGrouping<string, string> family in families)
                foreach (string line in Leg.Start(leg, count, family))
                    yield return Show(ContestResult.FromJson(line) with { Machine = Machine.Name, Date = date });
        if (leg == Leg.Native && (filters.Length == 0 || filters.Any(filter => FirstStep.Id.Contains(filter, StringComparison.Ordinal))))
            yield return Show(FirstStep.Measure() with { Machine = Machine.Name, Date = date });

        ContestResult Show(ContestResult result)
        {
            Console.WriteLine(json ? result.ToJson() : TextTable.Row(result));
            return result;
        }
    }

    private static int Child(string[] ids, int threads)
    {
        foreach (string id in ids)
        {
            ContestResult? result = Contest.Run(id, threads);
            for (int attempt = 1; attempt < Attempts && result is { IsDisturbed: true }; attempt++)
                if (Contest.Run(id, threads) is { } again && again.OthersCores < result.OthersCores)
                    result = again;
            if (result is not null)
                Console.Out.WriteLine(result.ToJson());
        }
        return 0;
    }
}
