using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = v₀; with n &gt; 0 f·v₀ for t &lt; n, then v₀.</summary>
/// <remarks>PyTorch's ConstantLR, whose n is 5 and f 1/3 by default.</remarks>
/// <param name="value">v₀.</param>
/// <param name="factor">f.</param>
/// <param name="steps">n.</param>
public sealed class Constant(double value, double factor = 1, long steps = 0) : ISchedule
{
    /// <summary>The definition, by the name <c>constant</c>.</summary>
    public static ScheduleDefinition<ConstantOptions> Definition { get; } = new(
        "constant",
        "v(t) = v0; v0·factor for t < steps",
        "PyTorch 2.10, ConstantLR",
        ConstantOptions.Table,
        (v, o) => new Constant(v, o.Factor, o.Steps));

    /// <inheritdoc/>
    public double At(long step) => step < steps ? value * factor : value;
}

/// <summary>The options of <see cref="Constant"/>.</summary>
public sealed record ConstantOptions
{
    /// <summary>f, the factor of the first updates. Default 1.</summary>
    public double Factor { get; set; } = 1;

    /// <summary>n, the updates with the factor. Default 0.</summary>
    public long Steps { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<ConstantOptions> Table { get; } = new OptionTable<ConstantOptions>("constant")
        .Real("factor", o => o.Factor, (o, v) => o.Factor = v, OptionRange.NonNegative, "factor of the first updates")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(0, 1L << 53), "updates with the factor");
}
