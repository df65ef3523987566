using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>A linear rise over w updates, then straight down to the final value at update n: <see cref="LinearWarmup"/> joined with <see cref="Polynomial"/>.</summary>
public static class WarmupLinear
{
    /// <summary>The definition, by the name <c>warmup-linear</c>.</summary>
    public static ScheduleDefinition<WarmupLinearOptions> Definition { get; } = new(
        "warmup-linear",
        "v(t) = v0·(t + 1)/warmup for t < warmup, then linearly from v0 at warmup to final at steps",
        "Devlin et al. 2019, arXiv:1810.04805, appendix A.2",
        WarmupLinearOptions.Table,
        (v, o) => Create(v, o.Warmup, o.Steps, o.Final));

    /// <summary>Makes the schedule.</summary>
    /// <param name="peak">v₀.</param>
    /// <param name="warmup">w, at least 0.</param>
    /// <param name="steps">n, above w: the update from which the final value holds.</param>
    /// <param name="final">The final value.</param>
    /// <exception cref="ArgumentException">n is not above w.</exception>
    public static ISchedule Create(double peak, long warmup, long steps, double final = 0) => steps > warmup
        ? new Join(new LinearWarmup(peak, warmup), warmup, new Polynomial(peak, final, steps - warmup, 1))
        : throw new ArgumentException($"steps is {steps} and warmup {warmup}; expected steps > warmup.", nameof(steps));
}

/// <summary>The options of <see cref="WarmupLinear"/>.</summary>
public sealed record WarmupLinearOptions
{
    /// <summary>w, the updates of the rise. Default 100.</summary>
    public long Warmup { get; set; } = 100;

    /// <summary>n, the updates in all. Default 1000.</summary>
    public long Steps { get; set; } = 1000;

    /// <summary>The value at the end and after. Default 0.</summary>
    public double Final { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<WarmupLinearOptions> Table { get; } = new OptionTable<WarmupLinearOptions>("warmup-linear")
        .Integer("warmup", o => o.Warmup, (o, v) => o.Warmup = v, new(0, 1L << 53), "updates of the rise")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(1, 1L << 53), "updates in all")
        .Real("final", o => o.Final, (o, v) => o.Final = v, OptionRange.Finite, "value at the end and after")
        .Require(o => o.Steps > o.Warmup, "steps must be above warmup");
}
