using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = v₀.</summary>
/// <param name="value">v₀.</param>
public sealed class Constant(double value) : ISchedule
{
    /// <summary>The definition, by the name <c>constant</c>.</summary>
    public static ScheduleDefinition<ConstantOptions> Definition { get; } =
        new("constant", "v(t) = v0", ConstantOptions.Table, (v, _) => new Constant(v));

    /// <inheritdoc/>
    public double At(long step) => value;
}

/// <summary>The options of <see cref="Constant"/>: none.</summary>
public sealed record ConstantOptions
{
    /// <summary>The option table.</summary>
    public static OptionTable<ConstantOptions> Table { get; } = new("constant");
}
