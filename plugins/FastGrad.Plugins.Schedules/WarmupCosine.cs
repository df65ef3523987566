using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>A linear rise over w updates, then half a cosine down to the final value at update n: <see cref="LinearWarmup"/> joined with <see cref="Cosine"/>.</summary>
public static class WarmupCosine
{
    /// <summary>The definition, by the name <c>warmup-cosine</c>.</summary>
    public static ScheduleDefinition<WarmupCosineOptions> Definition { get; } = new(
        "warmup-cosine",
        "v(t) = v0·(t + 1)/warmup for t < warmup, then a cosine from v0 at warmup to final at steps",
        "Goyal et al. 2017, arXiv:1706.02677; Loshchilov and Hutter 2017, arXiv:1608.03983",
        WarmupCosineOptions.Table,
        (v, o) => Create(v, o.Warmup, o.Steps, o.Final));

    /// <summary>Makes the schedule.</summary>
    /// <param name="peak">v₀, reached by update w − 1 and held by update w, where the cosine begins.</param>
    /// <param name="warmup">w, at least 0.</param>
    /// <param name="steps">n, above w: the update from which the final value holds.</param>
    /// <param name="final">The final value.</param>
    /// <exception cref="ArgumentException">n is not above w.</exception>
    public static ISchedule Create(double peak, long warmup, long steps, double final = 0) => steps > warmup
        ? new Join(new LinearWarmup(peak, warmup), warmup, new Cosine(peak, final, steps - warmup))
        : throw new ArgumentException($"steps is {steps} and warmup {warmup}; expected steps > warmup.", nameof(steps));
}

/// <summary>The options of <see cref="WarmupCosine"/>.</summary>
public sealed record WarmupCosineOptions
{
    /// <summary>w, the updates of the rise. Default 100.</summary>
    public long Warmup { get; set; } = 100;

    /// <summary>n, the updates in all. Default 1000.</summary>
    public long Steps { get; set; } = 1000;

    /// <summary>The value at the end and after. Default 0.</summary>
    public double Final { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<WarmupCosineOptions> Table { get; } = new OptionTable<WarmupCosineOptions>("warmup-cosine")
        .Integer("warmup", o => o.Warmup, (o, v) => o.Warmup = v, new(0, 1L << 53), "updates of the rise")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(1, 1L << 53), "updates in all")
        .Real("final", o => o.Final, (o, v) => o.Final = v, OptionRange.Finite, "value at the end and after")
        .Require(o => o.Steps > o.Warmup, "steps must be above warmup");
}
