using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = v₀·min((t + 1)/u, √(u/(t + 1))): a linear rise to v₀ at update u − 1, then the inverse root.</summary>
/// <remarks>
/// Vaswani et al. 2017, arXiv:1706.03762, equation 3, with v₀ = d^−½·u^−½. Without warm-up u counts as 1.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="warmup">u; 0 counts as 1.</param>
public sealed class InverseSquareRoot(double value, long warmup) : ISchedule
{
    /// <summary>The definition, by the name <c>inverse-sqrt</c>.</summary>
    public static ScheduleDefinition<InverseSquareRootOptions> Definition { get; } = new(
        "inverse-sqrt",
        "v(t) = v0·min((t + 1)/warmup, √(warmup/(t + 1)))",
        "Vaswani et al. 2017, arXiv:1706.03762, equation 3",
        InverseSquareRootOptions.Table,
        (v, o) => new InverseSquareRoot(v, o.Warmup));

    private readonly double _warmup = Math.Max(1, warmup);

    /// <inheritdoc/>
    public double At(long step) => value * Math.Min((step + 1) / _warmup, Math.Sqrt(_warmup / (step + 1)));
}

/// <summary>The options of <see cref="InverseSquareRoot"/>.</summary>
public sealed record InverseSquareRootOptions
{
    /// <summary>u, the updates of the rise. Default 4000.</summary>
    public long Warmup { get; set; } = 4000;

    /// <summary>The option table.</summary>
    public static OptionTable<InverseSquareRootOptions> Table { get; } = new OptionTable<InverseSquareRootOptions>("inverse-sqrt")
        .Integer("warmup", o => o.Warmup, (o, v) => o.Warmup = v, new(0, 1L << 53), "updates of the rise");
}
