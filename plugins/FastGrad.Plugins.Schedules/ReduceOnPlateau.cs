using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Schedules;
using FastGrad.Optimization.State;

namespace FastGrad.Plugins.Schedules;

/// <summary>v ← max(w, f·v) when a metric has not improved for more than p measurements; then c measurements do not count.</summary>
/// <remarks>
/// PyTorch's ReduceLROnPlateau. Better means below best·(1 − h) or, absolutely, best − h; for a metric that is to grow, above best·(1 + h) or
/// best + h. A change of at most ε is not made.
/// </remarks>
public sealed class ReduceOnPlateau : MetricSchedule
{
    private readonly IReadOnlyList<OptimizerGroup> _groups;
    private readonly string _option;
    private readonly ReduceOnPlateauOptions _options;
    private readonly double[] _best, _values;
    private readonly long[] _counts = new long[2]; // bad measurements, cooldown left

    /// <summary>Drives an option of every group of an optimizer.</summary>
    /// <param name="groups">The groups: <c>optimizer.Groups</c>.</param>
    /// <param name="option">The option, which no schedule drives.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is unknown or out of range, or a schedule drives it.</exception>
    public ReduceOnPlateau(IReadOnlyList<OptimizerGroup> groups, string option = "lr", ReduceOnPlateauOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(groups);
        (_groups, _option, _options) = (groups, option, ReduceOnPlateauOptions.Table.Copy(options ?? new()));
        ReduceOnPlateauOptions.Table.Check(_options);
        _best = [_options.Mode == "min" ? double.PositiveInfinity : double.NegativeInfinity];
        _values = [.. groups.Select(g => g[option])];
        Restore(); // refuses what a schedule drives
        State =
        [
            StateEntry.Of("@plateau", "best", [], _best.AsMemory()),
            StateEntry.Of("@plateau", "values", [_values.Length], _values.AsMemory()),
            StateEntry.Of("@plateau", "counts", [2], _counts.AsMemory()),
        ];
    }

    /// <summary>The kind, for registries.</summary>
    public static MetricScheduleDefinition<ReduceOnPlateauOptions> Definition { get; } = new(
        "reduce-on-plateau",
        "v ← max(min_lr, factor·v) after more than patience measurements without improvement; then cooldown measurements do not count",
        "torch.optim.lr_scheduler.ReduceLROnPlateau",
        ReduceOnPlateauOptions.Table,
        (groups, option, options) => new ReduceOnPlateau(groups, option, options));

    /// <inheritdoc/>
    public override string Name => Definition.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<StateEntry> State { get; }

    /// <summary>The best measurement so far.</summary>
    public double Best => _best[0];

    /// <inheritdoc/>
    public override bool Observe(double metric)
    {
        ref long bad = ref _counts[0], cooldown = ref _counts[1];
        if (IsBetter(metric))
            (_best[0], bad) = (metric, 0);
        else
            bad++;
        if (cooldown > 0)
            (cooldown, bad) = (cooldown - 1, 0);
        if (bad <= _options.Patience)
            return false;
        (cooldown, bad) = (_options.Cooldown, 0);
        bool changed = false;
        for (int g = 0; g < _values.Length; g++)
        {
            double reduced = Math.Max(_options.Least, _values[g] * _options.Factor);
            if (_values[g] - reduced <= _options.Epsilon)
                continue;
            _values[g] = reduced;
            changed = true;
        }
        Restore();
        return changed;
    }

    /// <inheritdoc/>
    protected override void Restore()
    {
        for (int g = 0; g < _values.Length; g++)
            _groups[g].Set(_option, _values[g]);
    }

    private bool IsBetter(double metric) => (_options.Mode, _options.ThresholdMode) switch
    {
        ("min", "rel") => metric < Best * (1 - _options.Threshold),
        ("min", _) => metric < Best - _options.Threshold,
        (_, "rel") => metric > Best * (1 + _options.Threshold),
        _ => metric > Best + _options.Threshold,
    };
}

/// <summary>The options of <see cref="ReduceOnPlateau"/>.</summary>
public sealed record ReduceOnPlateauOptions
{
    /// <summary>Whether the metric is to fall or to grow: min or max. Default min.</summary>
    public string Mode { get; set; } = "min";

    /// <summary>f. Default 0.1.</summary>
    public double Factor { get; set; } = 0.1;

    /// <summary>p. Default 10.</summary>
    public long Patience { get; set; } = 10;

    /// <summary>h. Default 1e-4.</summary>
    public double Threshold { get; set; } = 1e-4;

    /// <summary>Whether h is relative to the best or absolute: rel or abs. Default rel.</summary>
    public string ThresholdMode { get; set; } = "rel";

    /// <summary>c. Default 0.</summary>
    public long Cooldown { get; set; }

    /// <summary>w. Default 0.</summary>
    public double Least { get; set; }

    /// <summary>ε. Default 1e-8.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>The option table.</summary>
    public static OptionTable<ReduceOnPlateauOptions> Table { get; } = new OptionTable<ReduceOnPlateauOptions>("reduce-on-plateau")
        .Choice("mode", o => o.Mode, (o, v) => o.Mode = v, ["min", "max"], "whether the metric is to fall or to grow")
        .Real("factor", o => o.Factor, (o, v) => o.Factor = v, OptionRange.Fraction, "factor of a reduction")
        .Integer("patience", o => o.Patience, (o, v) => o.Patience = v, new(0, 1L << 53), "measurements without improvement that are endured")
        .Real("threshold", o => o.Threshold, (o, v) => o.Threshold = v, OptionRange.NonNegative, "least improvement")
        .Choice("threshold_mode", o => o.ThresholdMode, (o, v) => o.ThresholdMode = v, ["rel", "abs"], "whether the least improvement is relative")
        .Integer("cooldown", o => o.Cooldown, (o, v) => o.Cooldown = v, new(0, 1L << 53), "measurements after a reduction that do not count")
        .Real("min_lr", o => o.Least, (o, v) => o.Least = v, OptionRange.NonNegative, "least value")
        .Real("eps", o => o.Epsilon, (o, v) => o.Epsilon = v, OptionRange.NonNegative, "least change that is made");
}
