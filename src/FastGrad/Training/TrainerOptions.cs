using FastGrad.Data;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Plugins;
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

    /// <summary>The name of the learning rate's schedule; null for none.</summary>
    public string? Schedule { get; init; }

    /// <summary>
    /// The schedule's options that differ from their defaults. One that ends (with options <c>steps</c> and <c>final</c>) ends with the
    /// training unless <c>steps</c> is given; a <c>warmup</c> that is not given is a twentieth of that.
    /// </summary>
    public OptionValues ScheduleOptions { get; init; } = [];

    /// <summary>Groups, clipping, further schedules, decay masks.</summary>
    public OptimizerSettings Settings { get; init; } = OptimizerSettings.Default;

    /// <summary>ρ of sharpness-aware minimization: see <see cref="TrainingStepOptions.SharpnessRadius"/>. 0: off.</summary>
    public double SharpnessRadius { get; init; }

    /// <summary>Whether passes are recorded and replayed: see <see cref="TrainingStepOptions.Capture"/>.</summary>
    public bool Capture { get; init; } = true;

    /// <summary>Where optimizers are looked up; null for those that come with FastGrad.</summary>
    public OptimizerRegistry? Optimizers { get; init; }

    /// <summary>Where schedules are looked up; null for those that come with FastGrad.</summary>
    public ScheduleRegistry? Schedules { get; init; }

    internal OptimizerDefinition Definition => (Optimizers ?? OptimizerRegistry.Standard)[Optimizer];

    /// <summary>The settings with the schedule by name bound to the learning rate.</summary>
    internal OptimizerSettings SettingsFor(long updates)
    {
        if (Schedule is null)
            return Settings;
        string rate = Definition.Options.FirstOrDefault(o => o.Meaning == OptionMeaning.LearningRate)?.Name
            ?? throw new ArgumentException($"{Optimizer} has no learning rate to schedule.", nameof(Schedule));
        return Settings with { Schedules = [.. Settings.Schedules, (Schedules ?? ScheduleRegistry.Standard)[Schedule].Bind(rate, ScheduleValues(updates))] };
    }

    /// <summary>The schedule's options, with what follows from the training's length.</summary>
    internal OptionValues ScheduleValues(long updates)
    {
        OptionTable table = (Schedules ?? ScheduleRegistry.Standard)[Schedule!].Options;
        OptionValues values = new(ScheduleOptions);
        if (Has("steps") && Has("final") && Given("steps") is null)
            values.Add("steps", Math.Max(1, updates));
        if (Has("warmup") && Given("warmup") is null)
            values.Add("warmup", Math.Floor((double.TryParse(Given("steps"), System.Globalization.CultureInfo.InvariantCulture, out double steps) ? steps : updates) / 20));
        return values;

        bool Has(string name) => table.Any(o => o.Name == name);
        string? Given(string name) => values.LastOrDefault(v => string.Equals(v.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Accumulation, 1);
    }
}
