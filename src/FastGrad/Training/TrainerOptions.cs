using FastGrad.Data;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
using FastGrad.Optimization.Schedules;
using FastGrad.Plugins;

namespace FastGrad.Training;

/// <summary>How a <see cref="Trainer{T}"/> trains.</summary>
public sealed record TrainerOptions
{
    /// <summary>How often every row is seen, at least 1.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>The rows of a batch: 1 is stochastic, <see cref="DataLoaderOptions.FullBatch"/> all rows.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>How many batches make one update together, at least 1. An epoch's last update takes what is left.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Whether each epoch has an order of its own.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>What becomes of the rows that do not fill a batch.</summary>
    public LastBatch LastBatch { get; init; }

    /// <summary>The seed of the shuffling, and of the first values of a model that has none.</summary>
    public ulong Seed { get; init; }

    /// <summary>The optimizer's name.</summary>
    public string Optimizer { get; init; } = "adamw";

    /// <summary>The optimizer's options that differ from their defaults.</summary>
    public OptionValues OptimizerOptions { get; init; } = [];

    /// <summary>The name of the learning rate's schedule, a function of the update or one that answers a metric; null for none.</summary>
    public string? Schedule { get; init; }

    /// <summary>
    /// The schedule's options that differ from their defaults. One that ends (with options <c>steps</c> and <c>final</c>) ends with the
    /// training unless <c>steps</c> is given; a <c>warmup</c> that is not given is a twentieth of that, a <c>decay</c> after it a fifth.
    /// </summary>
    public OptionValues ScheduleOptions { get; init; } = [];

    /// <summary>What a schedule that answers a metric is shown at the end of each epoch.</summary>
    public ScheduleMetric ScheduleMetric { get; init; }

    /// <summary>Groups, clipping, further schedules, decay masks.</summary>
    public OptimizerSettings Settings { get; init; } = OptimizerSettings.Default;

    /// <summary>ρ of sharpness-aware minimization: see <see cref="TrainingStepOptions.SharpnessRadius"/>. 0: off.</summary>
    public double SharpnessRadius { get; init; }

    /// <summary>Whether passes are recorded and replayed: see <see cref="TrainingStepOptions.Capture"/>.</summary>
    public bool Capture { get; init; } = true;

    /// <summary>
    /// Whether the next batch is gathered on another thread while a step runs: the same bits. Null, where it pays: the first batches are timed, and the others
    /// gathered ahead if that takes a twentieth of the time or more.
    /// </summary>
    public bool? GatherAhead { get; init; }

    /// <summary>Where optimizers are looked up; null for those that come with FastGrad.</summary>
    public OptimizerRegistry? Optimizers { get; init; }

    /// <summary>Where schedules are looked up; null for those that come with FastGrad.</summary>
    public ScheduleRegistry? Schedules { get; init; }

    internal OptimizerDefinition Definition => (Optimizers ?? OptimizerRegistry.Standard)[Optimizer];

    /// <summary>The schedule, where it is one that answers a metric.</summary>
    internal MetricScheduleDefinition? MetricDefinition =>
        Schedule is not null && KnownSchedules.MetricDriven.TryFind(Schedule, out MetricScheduleDefinition? definition) ? definition : null;

    /// <summary>The schedule's options.</summary>
    internal OptionTable? ScheduleTable => Schedule is null ? null : MetricDefinition?.Options ?? KnownSchedules[Schedule].Options;

    private ScheduleRegistry KnownSchedules => Schedules ?? ScheduleRegistry.Standard;

    /// <summary>The settings with the schedule by name bound to the learning rate.</summary>
    internal OptimizerSettings SettingsFor(long updates) => Schedule is null || MetricDefinition is not null
        ? Settings
        : Settings with { Schedules = [.. Settings.Schedules, KnownSchedules[Schedule].Bind(Rate(), ScheduleValues(updates))] };

    /// <summary>The schedule that answers a metric, driving an optimizer's learning rate; null where there is none.</summary>
    internal MetricSchedule? MetricScheduleFor(IReadOnlyList<OptimizerGroup> groups) => MetricDefinition?.Create(groups, Rate(), ScheduleOptions);

    internal string Rate() => Definition.Options.FirstOrDefault(o => o.Meaning == OptionMeaning.LearningRate)?.Name
        ?? throw new ArgumentException($"{Optimizer} has no learning rate to schedule.", nameof(Schedule));

    /// <summary>The schedule's options, with what follows from the training's length.</summary>
    internal OptionValues ScheduleValues(long updates)
    {
        OptionTable table = ScheduleTable!;
        OptionValues values = new(ScheduleOptions);
        if (Has("steps") && Has("final") && Given("steps") is null)
            values.Add("steps", Math.Max(1, updates));
        if (Has("warmup") && Given("warmup") is null)
            values.Add("warmup", Math.Floor(Length() / 20));
        if (Has("steps") && Has("warmup") && Has("decay") && Given("decay") is null)
            values.Add("decay", Math.Floor(Length() / 5));
        return values;

        double Length() => double.TryParse(Given("steps"), System.Globalization.CultureInfo.InvariantCulture, out double steps) ? steps : updates;

        bool Has(string name) => table.Any(o => o.Name == name);
        string? Given(string name) => values.LastOrDefault(v => string.Equals(v.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    internal void Check()
    {
        if (Schedule is { } name && string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("The schedule's name is empty; expected a name, or null for none.", nameof(Schedule));
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Accumulation, 1);
    }
}
