using FastGrad.Kernels.Functions;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;

namespace FastGrad.Plugins.Schedules;

/// <summary>v(t) = l + (v₀ − l)·s(t)·f: a triangle wave s between l and v₀, up in a updates and down in b, with heights f.</summary>
/// <remarks>
/// Smith 2017, arXiv:1506.01186, in PyTorch's CyclicLR: f = 1 (<c>triangular</c>), 2^−(cycle) (<c>triangular2</c>) or γᵗ
/// (<c>exp_range</c>). PyTorch's max_lr is v₀, its base_lr l. For a momentum that falls while the rate rises, v₀ is the least and l the
/// largest momentum.
/// </remarks>
/// <param name="value">v₀.</param>
/// <param name="low">l.</param>
/// <param name="up">a, at least 1.</param>
/// <param name="down">b, at least 1.</param>
/// <param name="mode">triangular, triangular2 or exp_range.</param>
/// <param name="gamma">γ of exp_range.</param>
public sealed class Cyclic(double value, double low, long up, long down, string mode, double gamma) : ISchedule
{
    /// <summary>The definition, by the name <c>cyclic</c>.</summary>
    public static ScheduleDefinition<CyclicOptions> Definition { get; } = new(
        "cyclic",
        "v(t) = low + (v0 - low)·triangle(t)·height",
        "Smith 2017, arXiv:1506.01186; PyTorch 2.10, CyclicLR",
        CyclicOptions.Table,
        (v, o) => new Cyclic(v, o.Low, o.Up, o.Down == 0 ? o.Up : o.Down, o.Mode, o.Gamma));

    private readonly long _up = up > 0 ? up : throw new ArgumentOutOfRangeException(nameof(up), up, "expected at least 1.");
    private readonly long _down = down > 0 ? down : throw new ArgumentOutOfRangeException(nameof(down), down, "expected at least 1.");

    /// <inheritdoc/>
    public double At(long step)
    {
        (long cycle, long local) = Math.DivRem(step, _up + _down);
        double triangle = local <= _up ? (double)local / _up : (double)(_up + _down - local) / _down;
        double height = mode switch
        {
            "triangular2" => Pow<double>.At(0.5, cycle),
            "exp_range" => Pow<double>.At(gamma, step),
            _ => 1,
        };
        return low + (value - low) * triangle * height;
    }
}

/// <summary>The options of <see cref="Cyclic"/>.</summary>
public sealed record CyclicOptions
{
    /// <summary>l, the value at the feet. Default 0.</summary>
    public double Low { get; set; }

    /// <summary>a, the updates of a rise. Default 2000.</summary>
    public long Up { get; set; } = 2000;

    /// <summary>b, the updates of a fall; 0 for as many as the rise. Default 0.</summary>
    public long Down { get; set; }

    /// <summary>How the heights change. Default triangular.</summary>
    public string Mode { get; set; } = "triangular";

    /// <summary>γ of exp_range. Default 1.</summary>
    public double Gamma { get; set; } = 1;

    /// <summary>The option table.</summary>
    public static OptionTable<CyclicOptions> Table { get; } = new OptionTable<CyclicOptions>("cyclic")
        .Real("low", o => o.Low, (o, v) => o.Low = v, OptionRange.Finite, "value at the feet")
        .Integer("up", o => o.Up, (o, v) => o.Up = v, new(1, 1L << 53), "updates of a rise")
        .Integer("down", o => o.Down, (o, v) => o.Down = v, new(0, 1L << 53), "updates of a fall; 0 for as many as the rise")
        .Choice("mode", o => o.Mode, (o, v) => o.Mode = v, ["triangular", "triangular2", "exp_range"], "how the heights change")
        .Real("gamma", o => o.Gamma, (o, v) => o.Gamma = v, OptionRange.NonNegative, "factor γ of an update in exp_range");
}
