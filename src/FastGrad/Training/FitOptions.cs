using System.Collections.Immutable;
using FastGrad.Data;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.Plugins;

namespace FastGrad.Training;

/// <summary>How <see cref="Model.Fit"/> makes a model from a data set. What is null follows from the data's size: see <see cref="FitDefaults"/>.</summary>
public sealed record FitOptions
{
    /// <summary>The standard model's name: <c>linear</c>, <c>mlp</c> or <c>cnn</c>.</summary>
    public string Model { get; init; } = "mlp";

    /// <summary>The widths of the hidden layers; of a <c>cnn</c> the channels of its convolutions.</summary>
    public ImmutableArray<int>? Hidden { get; init; }

    /// <summary>The activation after each hidden layer.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>The share of rows held out of training, to judge the model by: from 0 (none) to below 1.</summary>
    public double HeldOut { get; init; } = 0.2;

    /// <summary>The seed of the split, the first values and the shuffling.</summary>
    public ulong Seed { get; init; }

    /// <summary>How often every row is seen.</summary>
    public int? Epochs { get; init; }

    /// <summary>The rows of a batch: 1 is stochastic, <see cref="DataLoaderOptions.FullBatch"/> all rows.</summary>
    public int? BatchSize { get; init; }

    /// <summary>How many batches make one update together.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>The optimizer's name.</summary>
    public string Optimizer { get; init; } = "adamw";

    /// <summary>The optimizer's options.</summary>
    public OptionValues OptimizerOptions { get; init; } = [];

    /// <summary>The name of the learning rate's schedule; null for none.</summary>
    public string? Schedule { get; init; } = "cosine";

    /// <summary>The schedule's options; its length is the training's unless given: see <see cref="TrainerOptions.ScheduleOptions"/>.</summary>
    public OptionValues ScheduleOptions { get; init; } = [];

    /// <summary>What a schedule that answers a metric is shown: see <see cref="TrainerOptions.ScheduleMetric"/>.</summary>
    public ScheduleMetric ScheduleMetric { get; init; }

    /// <summary>The rest: groups, clipping, decay masks. By default biases and norms do not decay.</summary>
    public OptimizerSettings Settings { get; init; } = new() { NoDecay = [ParameterRole.Bias, ParameterRole.Norm] };

    /// <summary>ρ of sharpness-aware minimization; 0: off.</summary>
    public double SharpnessRadius { get; init; }

    /// <summary>Whether passes are recorded and replayed; false runs them eagerly: the same bits, slower.</summary>
    public bool Capture { get; init; } = true;

    /// <summary>Where optimizers are looked up; null for those that come with FastGrad.</summary>
    public OptimizerRegistry? Optimizers { get; init; }

    /// <summary>Where schedules are looked up; null for those that come with FastGrad.</summary>
    public ScheduleRegistry? Schedules { get; init; }
}
