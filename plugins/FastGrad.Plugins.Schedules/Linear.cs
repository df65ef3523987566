using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = v₀·(a + (b − a)·min(t, n)/n): from a·v₀ at t = 0 to b·v₀ at t = n, both included.</summary>
/// <remarks>
/// PyTorch's LinearLR, whose defaults (a = 1/3, b = 1) warm up; with a = 1, b = 0 it is the linear decay of many papers.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="start">a.</param>
/// <param name="end">b.</param>
/// <param name="steps">n, at least 1.</param>
public sealed class Linear(double value, double start, double end, long steps) : ISchedule
{
    /// <summary>The definition, by the name <c>linear</c>.</summary>
    public static ScheduleDefinition<LinearOptions> Definition { get; } = new(
        "linear",
        "v(t) = v0·(start + (end - start)·min(t, steps)/steps)",
        "PyTorch 2.10, LinearLR",
        LinearOptions.Table,
        (v, o) => new Linear(v, o.Start, o.End, o.Steps));

    private readonly long _steps = steps > 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "expected at least 1.");

    /// <inheritdoc/>
    public double At(long step) => step >= _steps ? value * end : value * (start + (end - start) * step / _steps);
}

/// <summary>The options of <see cref="Linear"/>.</summary>
public sealed record LinearOptions
{
    /// <summary>n, the updates to the end. Default 5.</summary>
    public long Steps { get; set; } = 5;

    /// <summary>a, the factor at t = 0. Default 1.0 / 3.</summary>
    public double Start { get; set; } = 1.0 / 3;

    /// <summary>b, the factor at the end and after. Default 1.</summary>
    public double End { get; set; } = 1;

    /// <summary>The option table.</summary>
    public static OptionTable<LinearOptions> Table { get; } = new OptionTable<LinearOptions>("linear")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(1, 1L << 53), "updates to the end")
        .Real("start", o => o.Start, (o, v) => o.Start = v, OptionRange.NonNegative, "factor at the start")
        .Real("end", o => o.End, (o, v) => o.End = v, OptionRange.NonNegative, "factor at the end and after");
}
