using FastGrad.Benchmarks.Peers.Contests;

namespace FastGrad.Benchmarks.Peers.Results;

/// <summary>What is asked of some workloads: FastGrad's speed as a multiple of a peer's.</summary>
/// <param name="Work">What tables call the workloads.</param>
/// <param name="Peer">The peer.</param>
/// <param name="Least">What no workload may fall below.</param>
/// <param name="Holds">Which ids it is about.</param>
internal sealed record Bar(string Work, string Peer, double Least, Func<string, bool> Holds)
{
    /// <summary>What the geometric mean may not fall below, where that is asked.</summary>
    public double? Mean { get; init; }

    /// <summary>Which of FastGrad's runs is compared.</summary>
    public string Own { get; init; } = Contest.Own;

    /// <summary>The one instruction set it is about; any, if null.</summary>
    public string? Isa { get; init; }

    /// <summary>The bar's outcome on one leg, or null where nothing of it was measured there.</summary>
    public BarOutcome? Judge(IEnumerable<ContestResult> results, string isa, int threads)
    {
        if (Isa is not null && Isa != isa)
            return null;
        (string Id, double Ratio)[] ratios =
        [
            .. from result in results
               where result.Isa == isa && result.Threads == threads && Holds(result.Workload)
               let ratio = result.Ratio(Peer, Own)
               where ratio is not null
               select (result.Workload, ratio.Value),
        ];
        if (ratios.Length == 0)
            return null;
        (string worst, double least) = ratios.MinBy(entry => entry.Ratio);
        double mean = TextTable.Mean(ratios.Select(entry => entry.Ratio));
        return new BarOutcome(mean, least, worst, ratios.Length, least >= Least && mean >= (Mean ?? 0));
    }
}

/// <summary>How a bar came out on one leg.</summary>
/// <param name="Mean">The geometric mean of the ratios.</param>
/// <param name="Least">The least ratio.</param>
/// <param name="Worst">The workload that has it.</param>
/// <param name="Count">How many workloads there were.</param>
/// <param name="IsMet">Whether the bar is met.</param>
internal sealed record BarOutcome(double Mean, double Least, string Worst, int Count, bool IsMet);
