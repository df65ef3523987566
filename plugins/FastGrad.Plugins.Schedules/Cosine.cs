using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = w + ½(v₀ − w)(1 + cos(πt/n)) for t ≤ n, and w after: half a cosine from v₀ at t = 0 to w at t = n, both included.</summary>
/// <remarks>
/// Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5, without restarts. PyTorch's CosineAnnealingLR agrees up to t = n; beyond
/// it that one climbs again, and this one stays.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="final">w.</param>
/// <param name="steps">n, at least 1.</param>
public sealed class Cosine(double value, double final, long steps) : ISchedule
{
    private readonly long _steps = steps > 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "expected at least 1.");

    /// <summary>The definition, by the name <c>cosine</c>.</summary>
    public static ScheduleDefinition<CosineOptions> Definition { get; } = new(
        "cosine",
        "v(t) = final + (v0 - final)·(1 + cos(π·t/steps))/2 for t ≤ steps, then final",
        "Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5, one period",
        CosineOptions.Table,
        (v, o) => new Cosine(v, o.Final, o.Steps));

    /// <inheritdoc/>
    public double At(long step) => step >= _steps
        ? final
        : final + 0.5 * (value - final) * (1 + Cos<double>.At(Math.PI * step / _steps));
}

/// <summary>The options of <see cref="Cosine"/>.</summary>
public sealed record CosineOptions
{
    /// <summary>n, the updates to the end. Default 1000.</summary>
    public long Steps { get; set; } = 1000;

    /// <summary>w, the value at the end and after. Default 0.</summary>
    public double Final { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<CosineOptions> Table { get; } = new OptionTable<CosineOptions>("cosine")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(1, 1L << 53), "updates to the end")
        .Real("final", o => o.Final, (o, v) => o.Final = v, OptionRange.Finite, "value at the end and after");
}
