using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = w + (v₀ − w)·(1 − min(t, n)/n)ᵖ: from v₀ at t = 0 to w at t = n, both included.</summary>
/// <remarks>
/// PyTorch's PolynomialLR, with a final value that it does not have (0 there).
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="final">w.</param>
/// <param name="steps">n, at least 1.</param>
/// <param name="power">p.</param>
public sealed class Polynomial(double value, double final, long steps, double power) : ISchedule
{
    /// <summary>The definition, by the name <c>polynomial</c>.</summary>
    public static ScheduleDefinition<PolynomialOptions> Definition { get; } = new(
        "polynomial",
        "v(t) = final + (v0 - final)·(1 - min(t, steps)/steps)^power",
        "PyTorch 2.10, PolynomialLR",
        PolynomialOptions.Table,
        (v, o) => new Polynomial(v, o.Final, o.Steps, o.Power));

    private readonly long _steps = steps > 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "expected at least 1.");

    /// <inheritdoc/>
    public double At(long step) => step >= _steps ? final : final + (value - final) * Pow<double>.At(1 - (double)step / _steps, power);
}

/// <summary>The options of <see cref="Polynomial"/>.</summary>
public sealed record PolynomialOptions
{
    /// <summary>n, the updates to the end. Default 1000.</summary>
    public long Steps { get; set; } = 1000;

    /// <summary>p. Default 1.</summary>
    public double Power { get; set; } = 1;

    /// <summary>w, the value at the end and after. Default 0.</summary>
    public double Final { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<PolynomialOptions> Table { get; } = new OptionTable<PolynomialOptions>("polynomial")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(1, 1L << 53), "updates to the end")
        .Real("power", o => o.Power, (o, v) => o.Power = v, OptionRange.Positive, "power p")
        .Real("final", o => o.Final, (o, v) => o.Final = v, OptionRange.Finite, "value at the end and after");
}
