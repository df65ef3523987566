using System.Globalization;
using System.Text;
using FastGrad.Benchmarks.Peers.Contests;

namespace FastGrad.Benchmarks.Peers.Results;

/// <summary>Results on the screen.</summary>
internal static class TextTable
{
    /// <summary>One workload, one line.</summary>
    public static string Row(ContestResult result)
    {
        var text = new StringBuilder(Invariant($"{result.Workload,-34} {result.Threads}t {result.Isa,-6}"));
        foreach (Timing contender in result.Contenders)
        {
            text.Append(Invariant($" | {contender.Name} {contender.MedianUs:G4} µs"));
            if (contender.Name == Contest.Own && result.Amount > 0)
                text.Append(Invariant($" {result.Rate(contender):G4} {result.Unit}, {contender.AllocatedBytesPerStep:0} B"));
            if (result.Ratio(contender.Name) is { } ratio && contender.Name != Contest.Own)
                text.Append(Invariant($" {ratio:0.00}x"));
            if (contender.Agrees == false)
                text.Append(Invariant($" DIFFERS: {contender.Check:G7} {contender.Check20:G7}, not {result.Contenders[0].Check:G7} {result.Contenders[0].Check20:G7}"));
            if (contender.PeakMegabytes is { } peak)
                text.Append(Invariant($" {peak:0.0} MiB"));
        }
        if (result.IsDisturbed)
            text.Append(Invariant($" | others took {result.OthersCores:0.00} cores"));
        return text.ToString();
    }

    /// <summary>Geometric means of ratios by peer, family and threads.</summary>
    public static string Means(IReadOnlyList<ContestResult> results)
    {
        var text = new StringBuilder();
        var groups = from result in results
                     from peer in result.Contenders
                     let ratio = result.Ratio(peer.Name)
                     where peer.Name is not (Contest.Own or Contest.OwnEager) && ratio is not null
                     group ratio.Value by (Family: result.Workload.Split('.')[0], Peer: peer.Name, result.Threads, result.Isa);
        foreach (var group in groups)
            text.AppendLine(Invariant($"{group.Key.Family}.* against {group.Key.Peer}, {group.Key.Threads} threads, {group.Key.Isa}: geometric mean {Mean(group):0.00}, least {group.Min():0.00} of {group.Count()}"));
        return text.ToString();
    }

    /// <summary>The geometric mean.</summary>
    public static double Mean(IEnumerable<double> ratios) => Math.Exp(ratios.Average(Math.Log));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
