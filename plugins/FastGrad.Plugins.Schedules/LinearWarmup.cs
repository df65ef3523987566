using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = v₀·min(1, (t + 1)/n): the first update already moves, update n − 1 is the first with v₀.</summary>
/// <remarks>Goyal et al. 2017, arXiv:1706.02677, section 2.2, counted so that no update is wasted on zero.</remarks>
/// <param name="value">v₀.</param>
/// <param name="steps">n; with 0 the value is v₀ from the start.</param>
public sealed class LinearWarmup(double value, long steps) : ISchedule
{
    private readonly long _steps = steps >= 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "expected at least 0.");

    /// <summary>The definition, by the name <c>linear-warmup</c>.</summary>
    public static ScheduleDefinition<LinearWarmupOptions> Definition { get; } = new(
        "linear-warmup",
        "v(t) = v0·min(1, (t + 1)/steps)",
        "Goyal et al. 2017, arXiv:1706.02677, section 2.2",
        LinearWarmupOptions.Table,
        (v, o) => new LinearWarmup(v, o.Steps));

    /// <inheritdoc/>
    public double At(long step) => step + 1 >= _steps ? value : value * (step + 1) / _steps;
}

/// <summary>The options of <see cref="LinearWarmup"/>.</summary>
public sealed record LinearWarmupOptions
{
    /// <summary>n, the updates of the rise. Default 100.</summary>
    public long Steps { get; set; } = 100;

    /// <summary>The option table.</summary>
    public static OptionTable<LinearWarmupOptions> Table { get; } = new OptionTable<LinearWarmupOptions>("linear-warmup")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(0, 1L << 53), "updates of the rise");
}
