using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = v₀·γᵗ. PyTorch's ExponentialLR.</summary>
/// <param name="value">v₀.</param>
/// <param name="gamma">γ.</param>
public sealed class Exponential(double value, double gamma) : ISchedule
{
    /// <summary>The definition, by the name <c>exponential</c>.</summary>
    public static ScheduleDefinition<ExponentialOptions> Definition { get; } = new(
        "exponential",
        "v(t) = v0·gamma^t",
        "PyTorch 2.10, ExponentialLR",
        ExponentialOptions.Table,
        (v, o) => new Exponential(v, o.Gamma));

    /// <inheritdoc/>
    public double At(long step) => value * Pow<double>.At(gamma, step);
}

/// <summary>The options of <see cref="Exponential"/>.</summary>
public sealed record ExponentialOptions
{
    /// <summary>γ. Default 0.999.</summary>
    public double Gamma { get; set; } = 0.999;

    /// <summary>The option table.</summary>
    public static OptionTable<ExponentialOptions> Table { get; } = new OptionTable<ExponentialOptions>("exponential")
        .Real("gamma", o => o.Gamma, (o, v) => o.Gamma = v, OptionRange.NonNegative, "factor γ of an update");
}
