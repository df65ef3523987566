using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>Three parts: a linear rise (t + 1)/u, then v₀, then over the last d updates down to w: linear, half a cosine, or 1 − √x.</summary>
/// <remarks>
/// Hu et al. 2024, arXiv:2404.06395, section 4; the shape 1 − √x: Hägele et al. 2024, arXiv:2405.18392. v(n) = w.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="final">w.</param>
/// <param name="steps">n, the updates in all.</param>
/// <param name="warmup">u.</param>
/// <param name="decay">d.</param>
/// <param name="shape">linear, cosine or sqrt.</param>
public sealed class WarmupStableDecay(double value, double final, long steps, long warmup, long decay, string shape) : ISchedule
{
    /// <summary>The definition, by the name <c>wsd</c>.</summary>
    public static ScheduleDefinition<WarmupStableDecayOptions> Definition { get; } = new(
        "wsd",
        "v(t) = v0·(t + 1)/warmup, then v0, then to final over the last decay updates",
        "Hu et al. 2024, arXiv:2404.06395; the shape 1 - √x: Hägele et al. 2024, arXiv:2405.18392",
        WarmupStableDecayOptions.Table,
        (v, o) => new WarmupStableDecay(v, o.Final, o.Steps, o.Warmup, o.Decay, o.Shape));

    private readonly long _start = steps - decay >= warmup && decay > 0
        ? steps - decay
        : throw new ArgumentException($"steps is {steps}, warmup {warmup} and decay {decay}; expected decay > 0 and steps ≥ warmup + decay.", nameof(steps));

    /// <inheritdoc/>
    public double At(long step)
    {
        if (step < warmup)
            return value * (step + 1) / warmup;
        if (step < _start)
            return value;
        if (step >= steps)
            return final;
        double done = (double)(step - _start) / decay;
        double left = shape switch
        {
            "cosine" => 0.5 * (1 + Cos<double>.At(Math.PI * done)),
            "sqrt" => 1 - Math.Sqrt(done),
            _ => 1 - done,
        };
        return final + (value - final) * left;
    }
}

/// <summary>The options of <see cref="WarmupStableDecay"/>.</summary>
public sealed record WarmupStableDecayOptions
{
    /// <summary>n, the updates in all. Default 1000.</summary>
    public long Steps { get; set; } = 1000;

    /// <summary>u, the updates of the rise. Default 100.</summary>
    public long Warmup { get; set; } = 100;

    /// <summary>d, the updates of the fall. Default 200.</summary>
    public long Decay { get; set; } = 200;

    /// <summary>The shape of the fall. Default linear.</summary>
    public string Shape { get; set; } = "linear";

    /// <summary>w, the value at the end and after. Default 0.</summary>
    public double Final { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<WarmupStableDecayOptions> Table { get; } = new OptionTable<WarmupStableDecayOptions>("wsd")
        .Integer("steps", o => o.Steps, (o, v) => o.Steps = v, new(1, 1L << 53), "updates in all")
        .Integer("warmup", o => o.Warmup, (o, v) => o.Warmup = v, new(0, 1L << 53), "updates of the rise")
        .Integer("decay", o => o.Decay, (o, v) => o.Decay = v, new(1, 1L << 53), "updates of the fall")
        .Choice("shape", o => o.Shape, (o, v) => o.Shape = v, ["linear", "cosine", "sqrt"], "shape of the fall")
        .Real("final", o => o.Final, (o, v) => o.Final = v, OptionRange.Finite, "value at the end and after")
        .Require(o => o.Steps >= o.Warmup + o.Decay, "steps must be at least warmup + decay");
}
