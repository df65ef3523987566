using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = v₀·(1 − t/n)/(½ + ½(1 − t/n)), 0 at t = n and after: slow at first, steep at the end.</summary>
/// <remarks>
/// Chen, Wolfe and Kyrillidis 2021, arXiv:2107.04197, section 4.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="steps">n, at least 1.</param>
public sealed class Rex(double value, long steps) : ISchedule
{
    /// <summary>The definition, by the name <c>rex</c>.</summary>
    public static ScheduleDefinition<RexOptions> Definition { get; } = new(
        "rex",
        "v(t) = v0·(1 - t/steps)/(1/2 + (1 - t/steps)/2)",
        "Chen, Wolfe and Kyrillidis 2021, arXiv:2107.04197",
        RexOptions.Table,
        (v, o) => new Rex(v, o.Steps));

    private readonly long _steps = steps > 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "expected at least 1.");

    /// <inheritdoc/>
    public double At(long step)
    {
        double left = step >= _steps ? 0 : 1 - (double)step / _steps;
        return value * left / (0.5 + 0.5 * left);
    }
}

/// <summary>The options of <see cref="Rex"/>.</summary>
public sealed record RexOptions
{
    /// <summary>n, the updates to the end. Default 1000.</summary>
    public long Steps { get; set; } = 1000;

    /// <summary>The option table.</summary>
    public static OptionTable<RexOptions> Table { get; } = new OptionTable<RexOptions>("rex")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(1, 1L << 53), "updates to the end");
}
