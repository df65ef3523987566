using System.Globalization;
using System.Text;
using FastGrad.Benchmarks.Peers.Contests;
using FastGrad.Benchmarks.Peers.Processes;

namespace FastGrad.Benchmarks.Peers.Results;

/// <summary>Results as tables in Markdown. A ratio says how many times as fast FastGrad is.</summary>
/// <param name="results">All results of one machine.</param>
internal sealed class MarkdownTables(IReadOnlyList<ContestResult> results)
{
    private readonly IReadOnlyList<(string Isa, int Threads)> _legs =
        [.. results.Select(result => (result.Isa, result.Threads)).Distinct().OrderByDescending(leg => leg.Isa).ThenBy(leg => leg.Threads)];

    /// <summary>The families measured, in the order of the catalogue.</summary>
    public IEnumerable<string> Families => results.Select(result => Family(result.Workload)).Distinct();

    /// <summary>The machine, when it was measured, and the versions of the peers.</summary>
    public string About()
    {
        var text = new StringBuilder();
        text.AppendLine($"{results[0].Machine}; measured {results.Min(result => result.Date)} to {results.Max(result => result.Date)} UTC.").AppendLine();
        var versions = results.SelectMany(result => result.Contenders.Select(contender => (contender.Name, contender.Version, result.Isa))).Where(entry => entry.Version.Length > 0).Distinct();
        foreach ((string name, string version, string isa) in versions.OrderBy(entry => entry.Name, StringComparer.Ordinal))
            text.AppendLine($"- {name} {version} ({isa})");
        return text.ToString();
    }

    /// <summary>Every bar on every leg on which it was measured.</summary>
    public string Bars()
    {
        var text = new StringBuilder("| work | peer | asked | leg | mean | least | | |\n|---|---|---|---|---|---|---|---|\n");
        foreach (Bar bar in Results.Bars.All)
            foreach ((string isa, int threads) in _legs)
                if (bar.Judge(results, isa, threads) is { } outcome)
                    text.Append(Invariant($"| {bar.Work} | {bar.Peer} | {Asked(bar)} | {Leg(isa, threads)} | {Short(outcome.Mean)} | {Short(outcome.Least)} | {(outcome.Count > 1 ? outcome.Worst : "")} | {(outcome.IsMet ? "met" : "**missed**")} |\n"));
        return text.ToString();
    }

    /// <summary>The workloads of a family: FastGrad's time, its rate, and its speed as a multiple of each peer's.</summary>
    public string Of(string family)
    {
        ContestResult[] rows = [.. results.Where(result => Family(result.Workload) == family)];
        var legs = _legs.Where(leg => rows.Any(row => row.Isa == leg.Isa && row.Threads == leg.Threads)).ToList();
        string[] peers = [.. rows.SelectMany(row => row.Contenders.Select(contender => contender.Name)).Distinct().Where(name => name != Contest.Own)];
        string unit = rows[0].Unit;

        var head = new StringBuilder("| workload |");
        foreach ((string isa, int threads) in legs)
        {
            head.Append($" {Leg(isa, threads)}: µs | {unit} |");
            foreach (string peer in peers)
                head.Append(peer == Contest.OwnEager ? " eager: µs |" : $" × {peer} |");
        }
        int columns = 1 + legs.Count * (2 + peers.Length);
        StringBuilder text = head.Append("\n|").Insert(head.Length, "---|", columns).Append('\n');
        foreach (string id in rows.Select(row => row.Workload).Distinct())
        {
            string mark = rows.Any(row => row.Workload == id && row.IsDisturbed) ? "†" : "";
            text.Append($"| {id[(family.Length + 1)..]}{mark} |");
            foreach ((string isa, int threads) in legs)
            {
                ContestResult? row = rows.FirstOrDefault(row => row.Workload == id && row.Isa == isa && row.Threads == threads);
                Timing? own = row?.Find(Contest.Own);
                text.Append(own is null ? " | |" : Invariant($" {Short(own.MedianUs)} | {Short(row!.Rate(own))} |"));
                foreach (string peer in peers)
                    text.Append($" {(peer == Contest.OwnEager ? (row?.Find(peer) is { } eager ? Short(eager.MedianUs) : "") : Ratio(row, peer))} |");
            }
            text.Append('\n');
        }
        if (rows.Any(row => row.IsDisturbed))
            text.Append("\n† Other processes took part of the machine while this was measured, in three attempts.\n");
        return text.ToString();
    }

    /// <summary>Training steps: time, how much of the machine's peak the products alone make up, memory allocated, checks.</summary>
    public string Training()
    {
        var text = new StringBuilder("| workload | leg | captured µs | of FMA peak | eager µs | TorchSharp µs | captured × | eager × | B a step | TorchSharp's | check | check20 | |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (ContestResult row in results.Where(result => Family(result.Workload) == "train"))
        {
            Timing? own = row.Find(Contest.Own), eager = row.Find(Contest.OwnEager), peer = row.Find("TorchSharp");
            string agreement = peer?.Agrees == true ? "equal" : own is null ? "TorchSharp alone" : "**differs**";
            text.Append(Invariant($"| {row.Workload["train.".Length..]}{(row.IsDisturbed ? "†" : "")} | {Leg(row.Isa, row.Threads)} | {Short(own?.MedianUs)} | {OfPeak(row, own)} | {Short(eager?.MedianUs)} | {Short(peer?.MedianUs)} |"))
                .Append(Invariant($" {Short(row.Ratio("TorchSharp"))} | {Short(row.Ratio("TorchSharp", Contest.OwnEager))} | {own?.AllocatedBytesPerStep:0} | {peer?.AllocatedBytesPerStep:0} | {(own ?? peer)?.Check:G6} | {(own ?? peer)?.Check20:G6} | {agreement} |\n"));
        }
        return text.ToString();
    }

    private string OfPeak(ContestResult row, Timing? own)
    {
        ContestResult? peak = results.FirstOrDefault(result => result.Workload == "limits.fma" && result.Isa == row.Isa && result.Threads == row.Threads);
        return own is null || row.Amount == 0 || peak is null ? "" : Invariant($"{row.Rate(own) / peak.Rate(peak.Contenders[0]):0%}");
    }

    /// <summary>Start to first step, peak memory, size.</summary>
    public string Processes()
    {
        var text = new StringBuilder("| program | start to first step, ms | beyond the empty program | peak memory, MiB | beyond | library, MiB |\n|---|---|---|---|---|---|\n");
        foreach (ContestResult row in results.Where(result => result.Workload == FirstStep.Id))
        {
            Timing empty = row.Find(FirstStep.Empty)!;
            foreach (Timing timing in row.Contenders)
                text.Append(Invariant($"| {timing.Name} | {timing.MedianUs / 1000:0} | {(timing.MedianUs - empty.MedianUs) / 1000:0} | {timing.PeakMegabytes:0} | {timing.PeakMegabytes - empty.PeakMegabytes:0} | {timing.DiskMegabytes:0.00} |\n"));
        }
        return text.ToString();
    }

    private static string Family(string id) => id.Split('.')[0];

    private static string Leg(string isa, int threads) => $"{isa} {threads}t";

    private static string Asked(Bar bar) => bar.Mean is { } mean ? Invariant($"mean {mean:0.00}{(bar.Least > 0 ? Invariant($", least {bar.Least:0.00}") : "")}") : Invariant($"{bar.Least}");

    private static string Ratio(ContestResult? row, string peer) =>
        row?.Ratio(peer) is not { } ratio ? "" : row.Find(peer)!.Agrees == false ? $"{Short(ratio)} (results differ)" : Short(ratio);

    // Three digits: what repeats from run to run.
    private static string Short(double? value) => value switch
    {
        null => "",
        >= 100 or 0 => Invariant($"{value:0}"),
        >= 10 => Invariant($"{value:0.0}"),
        >= 1 => Invariant($"{value:0.00}"),
        _ => Invariant($"{value:0.000}"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
