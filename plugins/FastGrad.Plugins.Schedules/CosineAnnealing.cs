using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = w + ½(v₀ − w)(1 + cos(πt/n)) for all t: down to w at t = n, up again to v₀ at t = 2n, and so on.</summary>
/// <remarks>
/// PyTorch's CosineAnnealingLR in its closed form, which climbs again after n. <see cref="Cosine"/> stays.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="final">w.</param>
/// <param name="steps">n, half a period, at least 1.</param>
public sealed class CosineAnnealing(double value, double final, long steps) : ISchedule
{
    /// <summary>The definition, by the name <c>cosine-annealing</c>.</summary>
    public static ScheduleDefinition<CosineAnnealingOptions> Definition { get; } = new(
        "cosine-annealing",
        "v(t) = final + (v0 - final)·(1 + cos(π·t/steps))/2, up and down",
        "PyTorch 2.10, CosineAnnealingLR; Loshchilov and Hutter 2017, arXiv:1608.03983",
        CosineAnnealingOptions.Table,
        (v, o) => new CosineAnnealing(v, o.Final, o.Steps));

    private readonly long _steps = steps > 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "expected at least 1.");

    /// <inheritdoc/>
    public double At(long step)
    {
        long phase = step % (2 * _steps); // the angle stays small, and the ends are exact
        return final + 0.5 * (value - final) * (1 + Cos<double>.At(Math.PI * Math.Min(phase, 2 * _steps - phase) / _steps));
    }
}

/// <summary>The options of <see cref="CosineAnnealing"/>.</summary>
public sealed record CosineAnnealingOptions
{
    /// <summary>n, half a period. Default 1000.</summary>
    public long Steps { get; set; } = 1000;

    /// <summary>w, the lowest value. Default 0.</summary>
    public double Final { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<CosineAnnealingOptions> Table { get; } = new OptionTable<CosineAnnealingOptions>("cosine-annealing")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(1, 1L << 53), "half a period")
        .Real("final", o => o.Final, (o, v) => o.Final = v, OptionRange.Finite, "lowest value");
}
