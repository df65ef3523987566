using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = v₀·γ^⌊t/s⌋: multiplied by γ after every s updates. PyTorch's StepLR.</summary>
/// <param name="value">v₀.</param>
/// <param name="every">s, at least 1.</param>
/// <param name="gamma">γ.</param>
public sealed class Step(double value, long every, double gamma) : ISchedule
{
    private readonly long _every = every > 0 ? every : throw new ArgumentOutOfRangeException(nameof(every), every, "expected at least 1.");

    /// <summary>The definition, by the name <c>step</c>.</summary>
    public static ScheduleDefinition<StepOptions> Definition { get; } = new(
        "step",
        "v(t) = v0·gamma^⌊t/every⌋",
        "PyTorch 2.10, StepLR",
        StepOptions.Table,
        (v, o) => new Step(v, o.Every, o.Gamma));

    /// <inheritdoc/>
    public double At(long step) => value * Pow<double>.At(gamma, step / _every);
}

/// <summary>The options of <see cref="Step"/>.</summary>
public sealed record StepOptions
{
    /// <summary>s, the updates between two changes. Default 1000.</summary>
    public long Every { get; set; } = 1000;

    /// <summary>γ. Default 0.1.</summary>
    public double Gamma { get; set; } = 0.1;

    /// <summary>The option table.</summary>
    public static OptionTable<StepOptions> Table { get; } = new OptionTable<StepOptions>("step")
        .Integer("every", o => o.Every, (o, v) => o.Every = v, new(1, 1L << 53), "updates between two changes")
        .Real("gamma", o => o.Gamma, (o, v) => o.Gamma = v, OptionRange.NonNegative, "factor γ of a change");
}
