using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>Half cosines one after another: v(t) = w + ½(dⁱv₀ − w)(1 + cos(πτ/nᵢ)), τ the update within cycle i, nᵢ = n₀·mⁱ.</summary>
/// <remarks>
/// Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5; PyTorch's CosineAnnealingWarmRestarts where d = 1. The warm-up (t + 1)/u comes
/// once, before the first cycle.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="final">w.</param>
/// <param name="first">n₀, at least 1.</param>
/// <param name="growth">m, at least 1.</param>
/// <param name="decay">d.</param>
/// <param name="warmup">u, at least 0.</param>
public sealed class CosineRestarts(double value, double final, long first, long growth, double decay, long warmup) : ISchedule
{
    /// <summary>The definition, by the name <c>cosine-restarts</c>.</summary>
    public static ScheduleDefinition<CosineRestartsOptions> Definition { get; } = new(
        "cosine-restarts",
        "v(t) = final + (v0·decay^cycle - final)·(1 + cos(π·τ/length))/2, after a warm-up",
        "Loshchilov and Hutter 2017, arXiv:1608.03983; PyTorch 2.10, CosineAnnealingWarmRestarts",
        CosineRestartsOptions.Table,
        (v, o) => new CosineRestarts(v, o.Final, o.First, o.Growth, o.Decay, o.Warmup));

    private readonly long _first = first > 0 ? first : throw new ArgumentOutOfRangeException(nameof(first), first, "expected at least 1.");
    private readonly long _growth = growth > 0 ? growth : throw new ArgumentOutOfRangeException(nameof(growth), growth, "expected at least 1.");

    /// <inheritdoc/>
    public double At(long step)
    {
        if (step < warmup)
            return value * (step + 1) / warmup;
        long local = step - warmup, cycle = 0;
        Int128 length = _first; // the last cycle may be longer than any count of updates
        if (_growth == 1)
        {
            (cycle, local) = (local / _first, local % _first);
        }
        else
        {
            for (; local >= length; cycle++)
                (local, length) = (local - (long)length, length * _growth);
        }
        double peak = value * Pow<double>.At(decay, cycle);
        return final + 0.5 * (peak - final) * (1 + Cos<double>.At(Math.PI * local / (double)length));
    }
}

/// <summary>The options of <see cref="CosineRestarts"/>.</summary>
public sealed record CosineRestartsOptions
{
    /// <summary>n₀, the updates of the first cycle. Default 1000.</summary>
    public long First { get; set; } = 1000;

    /// <summary>m, the factor of a cycle's length. Default 1.</summary>
    public long Growth { get; set; } = 1;

    /// <summary>d, the factor of a cycle's peak. Default 1.</summary>
    public double Decay { get; set; } = 1;

    /// <summary>u, the updates of the rise before the first cycle. Default 0.</summary>
    public long Warmup { get; set; }

    /// <summary>w, the lowest value. Default 0.</summary>
    public double Final { get; set; }

    /// <summary>The option table.</summary>
    public static OptionTable<CosineRestartsOptions> Table { get; } = new OptionTable<CosineRestartsOptions>("cosine-restarts")
        .Integer("first", o => o.First, (o, v) => o.First = v, new(1, 1L << 53), "updates of the first cycle")
        .Integer("growth", o => o.Growth, (o, v) => o.Growth = v, new(1, 1000000), "factor of a cycle's length")
        .Real("decay", o => o.Decay, (o, v) => o.Decay = v, OptionRange.Positive, "factor of a cycle's peak")
        .Integer("warmup", o => o.Warmup, (o, v) => o.Warmup = v, new(0, 1L << 53), "updates of the rise")
        .Real("final", o => o.Final, (o, v) => o.Final = v, OptionRange.Finite, "lowest value");
}
