using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>Up from v₀/a to v₀ over the first share p of n updates, then down to v₀/(ab): half cosines or straight lines.</summary>
/// <remarks>
/// Smith and Topin 2018, arXiv:1708.07120, in PyTorch's OneCycleLR, phase ends included: pn − 1 and n − 1, or with three phases pn − 1, 2pn
/// − 2 (back at v₀/a) and n − 1. After n − 1 the last value stays, where PyTorch throws. The momentum's cycle is <see
/// cref="OneCycleMomentum"/>.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="steps">n, at least 2.</param>
/// <param name="share">p.</param>
/// <param name="linear">Straight lines instead of half cosines.</param>
/// <param name="threePhase">Whether the fall first mirrors the rise.</param>
/// <param name="div">a.</param>
/// <param name="finalDiv">b.</param>
public sealed class OneCycle(double value, long steps, double share, bool linear, bool threePhase, double div, double finalDiv) : ISchedule
{
    /// <summary>The definition, by the name <c>one-cycle</c>.</summary>
    public static ScheduleDefinition<OneCycleOptions> Definition { get; } = new(
        "one-cycle",
        "v0/div up to v0 at share·steps - 1, down to v0/(div·final_div) at steps - 1",
        "Smith and Topin 2018, arXiv:1708.07120; PyTorch 2.10, OneCycleLR",
        OneCycleOptions.Table,
        (v, o) => new OneCycle(v, o.Steps, o.Share, o.Anneal == "linear", o.ThreePhase, o.Div, o.FinalDiv));

    private readonly OneCyclePhases _phases = new(steps, share, linear, threePhase);

    /// <inheritdoc/>
    public double At(long step) => _phases.At(step, value / div, value, value / div, value / div / finalDiv);
}

/// <summary>The options of <see cref="OneCycle"/>.</summary>
public sealed record OneCycleOptions
{
    /// <summary>n, the updates in all. Default 1000.</summary>
    public long Steps { get; set; } = 1000;

    /// <summary>p, the share of the rise. Default 0.3.</summary>
    public double Share { get; set; } = 0.3;

    /// <summary>The shape of the phases. Default cos.</summary>
    public string Anneal { get; set; } = "cos";

    /// <summary>Whether the fall first mirrors the rise. Default false.</summary>
    public bool ThreePhase { get; set; }

    /// <summary>a: the first value is v₀/a. Default 25.</summary>
    public double Div { get; set; } = 25;

    /// <summary>b: the last value is v₀/(ab). Default 1e4.</summary>
    public double FinalDiv { get; set; } = 1e4;

    /// <summary>The option table.</summary>
    public static OptionTable<OneCycleOptions> Table { get; } = new OptionTable<OneCycleOptions>("one-cycle")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(2, 1L << 53), "updates in all")
        .Real("share", o => o.Share, (o, v) => o.Share = v, OptionRange.Unit, "share of the rise")
        .Choice("anneal", o => o.Anneal, (o, v) => o.Anneal = v, ["cos", "linear"], "shape of the phases")
        .Flag("three_phase", o => o.ThreePhase, (o, v) => o.ThreePhase = v, "the fall first mirrors the rise")
        .Real("div", o => o.Div, (o, v) => o.Div = v, OptionRange.Positive, "the first value is v0/div")
        .Real("final_div", o => o.FinalDiv, (o, v) => o.FinalDiv = v, OptionRange.Positive, "the last value is v0/(div·final_div)");
}
