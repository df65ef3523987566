using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>The momentum that goes with <see cref="OneCycle"/>: down from v₀ to m while the rate rises, and back.</summary>
/// <remarks>
/// Smith and Topin 2018, arXiv:1708.07120, in PyTorch's OneCycleLR: max_momentum is v₀, base_momentum m.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="low">m.</param>
/// <param name="steps">n, at least 2.</param>
/// <param name="share">p.</param>
/// <param name="linear">Straight lines instead of half cosines.</param>
/// <param name="threePhase">Whether the fall of the rate first mirrors its rise.</param>
public sealed class OneCycleMomentum(double value, double low, long steps, double share, bool linear, bool threePhase) : ISchedule
{
    /// <summary>The definition, by the name <c>one-cycle-momentum</c>.</summary>
    public static ScheduleDefinition<OneCycleMomentumOptions> Definition { get; } = new(
        "one-cycle-momentum",
        "v0 down to low at share·steps - 1, back at steps - 1",
        "Smith and Topin 2018, arXiv:1708.07120; PyTorch 2.10, OneCycleLR",
        OneCycleMomentumOptions.Table,
        (v, o) => new OneCycleMomentum(v, o.Low, o.Steps, o.Share, o.Anneal == "linear", o.ThreePhase));

    private readonly OneCyclePhases _phases = new(steps, share, linear, threePhase);

    /// <inheritdoc/>
    public double At(long step) => _phases.At(step, value, low, value, value);
}

/// <summary>The options of <see cref="OneCycleMomentum"/>.</summary>
public sealed record OneCycleMomentumOptions
{
    /// <summary>n, the updates in all. Default 1000.</summary>
    public long Steps { get; set; } = 1000;

    /// <summary>p, the share of the rate's rise. Default 0.3.</summary>
    public double Share { get; set; } = 0.3;

    /// <summary>The shape of the phases. Default cos.</summary>
    public string Anneal { get; set; } = "cos";

    /// <summary>Whether the fall of the rate first mirrors its rise. Default false.</summary>
    public bool ThreePhase { get; set; }

    /// <summary>m, the least value. Default 0.85.</summary>
    public double Low { get; set; } = 0.85;

    /// <summary>The option table.</summary>
    public static OptionTable<OneCycleMomentumOptions> Table { get; } = new OptionTable<OneCycleMomentumOptions>("one-cycle-momentum")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(2, 1L << 53), "updates in all")
        .Real("share", o => o.Share, (o, v) => o.Share = v, OptionRange.Unit, "share of the rate's rise")
        .Choice("anneal", o => o.Anneal, (o, v) => o.Anneal = v, ["cos", "linear"], "shape of the phases")
        .Flag("three_phase", o => o.ThreePhase, (o, v) => o.ThreePhase = v, "as the rate's option")
        .Real("low", o => o.Low, (o, v) => o.Low = v, OptionRange.NonNegative, "least value");
}
