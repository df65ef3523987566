using System.Diagnostics;
using System.Numerics;
using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Observability;
using FastGrad.Serialization;

namespace FastGrad.Training;

/// <summary>A fit under way: the split and scaled data, the model, and its trainer. <see cref="Training.Model.Fit"/> does all in one call.</summary>
/// <remarks>
/// Rows are held out first (by class, where there are classes), then features are standardised by the rows that are trained on; so are
/// regression targets. Everything is a function of data and options.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Fitting<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Standardizer<T> _features;
    private readonly Standardizer<T>? _targets;
    private readonly DataSet<T>? _scaledHeldOut;

    /// <summary>Prepares a fit.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range, or the data set has no targets or too few rows.</exception>
    public Fitting(DataSet<T> data, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        Options = options ?? new();
        if (data.Kind is not (TargetKind.Classification or TargetKind.Regression))
            throw new ArgumentException("The data set has no targets; a fit needs classes or numbers to predict.", nameof(data));
        if (data.Kind == TargetKind.Classification && data.Classes < 2)
            throw new ArgumentException($"The data set has one class, {MessageText.Quote(data.LabelNames[0])}; a fit needs at least two.", nameof(data));
        if (!(Options.HeldOut >= 0 && Options.HeldOut < 1))
            throw new ArgumentOutOfRangeException(nameof(options), Options.HeldOut, "The share held out lies between 0 and 1, 1 excluded.");
        (TrainData, HeldOutData) = Options.HeldOut == 0 ? (data, null) : data.Split(Options.HeldOut, Options.Seed);
        _features = Standardizer<T>.Fit(TrainData.Features, data.Columns);
        _targets = data.Kind == TargetKind.Regression ? Standardizer<T>.Fit(TrainData.Targets, data.Outputs) : null;
        _scaledHeldOut = HeldOutData?.Standardize(_features, _targets);
        Defaults = FitDefaults.For(TrainData.Rows, data.Kind, Options.Model);
        Architecture = new()
        {
            Name = Options.Model,
            Inputs = data.Columns,
            Outputs = data.Kind == TargetKind.Classification ? data.Classes : data.Outputs,
            Hidden = Options.Hidden ?? (Options.Model == "linear" ? [] : Defaults.Hidden),
            Activation = Options.Activation,
        };
        Loss<T> loss = data.Kind == TargetKind.Classification ? new CrossEntropy<T>() : new MeanSquaredError<T>();
        Trainer = new(Architecture.Build<T>(), loss, TrainData.Standardize(_features, _targets), new()
        {
            Epochs = Options.Epochs ?? Defaults.Epochs,
            BatchSize = Options.BatchSize ?? Defaults.BatchSize,
            Accumulation = Options.Accumulation,
            Seed = Options.Seed,
            Optimizer = Options.Optimizer,
            OptimizerOptions = Defaults.Complete(Options.Optimizer, Options.OptimizerOptions),
            Schedule = Options.Schedule,
            ScheduleOptions = Options.ScheduleOptions,
            ScheduleMetric = Options.ScheduleMetric,
            Settings = Options.Settings,
            SharpnessRadius = Options.SharpnessRadius,
            Capture = Options.Capture,
            Optimizers = Options.Optimizers,
            Schedules = Options.Schedules,
        });
    }

    /// <summary>The options.</summary>
    public FitOptions Options { get; }

    /// <summary>What holds where the options say nothing.</summary>
    public FitDefaults Defaults { get; }

    /// <summary>The model's architecture.</summary>
    public Architecture Architecture { get; }

    /// <summary>The rows trained on, in original units.</summary>
    public DataSet<T> TrainData { get; }

    /// <summary>The rows held out, in original units; null where none are.</summary>
    public DataSet<T>? HeldOutData { get; }

    /// <summary>The trainer: for checkpoints (<see cref="Trainer{T}.Save(string)"/>, <see cref="Trainer{T}.Load(string)"/>) and callbacks.</summary>
    public Trainer<T> Trainer { get; }

    /// <summary>Trains to the end, or until cancelled or stopped, and evaluates.</summary>
    /// <param name="progress">Hears of every update.</param>
    /// <param name="evaluateEpochs">Whether to evaluate on the held-out rows after each epoch; a schedule that answers a metric of theirs has it done anyway.</param>
    /// <param name="cancellation">Looked at between updates.</param>
    public FitResult<T> Run(IProgress<TrainingProgress>? progress = null, bool evaluateEpochs = false, CancellationToken cancellation = default)
    {
        TrainingResult training = Trainer.Run(progress, evaluateEpochs || Options.ScheduleMetric != ScheduleMetric.TrainingLoss ? _scaledHeldOut : null, cancellation);
        TrainedModel<T> model = Snapshot();
        return new(model, training, HeldOutData is null ? null : model.Evaluate(HeldOutData));
    }

    /// <summary>The name of the model's file in a folder: what predictions need.</summary>
    public const string ModelName = "model.safetensors";

    /// <summary>Writes model and training as one: after a crash both are as before, or both as now.</summary>
    /// <returns>What the folder then holds: <see cref="ModelName"/> and <see cref="Trainer{T}.CheckpointName"/>.</returns>
    /// <exception cref="ArithmeticException">The training has diverged: such a model could not be loaded. Nothing is written.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public CheckpointManifest Save(CheckpointFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using Activity? activity = Telemetry.Activities.StartActivity("fastgrad.checkpoint");
        SafeTensorsWriter model = new(), training = new();
        Snapshot().Save(model);
        Trainer.Save(training);
        return folder.Save((ModelName, model), (Trainer<T>.CheckpointName, training));
    }

    /// <summary>The model as it is now, with the weights to evaluate and deploy and statistics that belong to them. A copy: training may go on.</summary>
    public TrainedModel<T> Snapshot()
    {
        Module<T> copy = Architecture.Build<T>();
        using (Trainer.UseEvaluationState())
            copy.CopyFrom(Trainer.Model);
        ModelDescription description = new()
        {
            Task = TrainData.Kind,
            FeatureNames = TrainData.FeatureNames,
            LabelNames = TrainData.LabelNames,
            TargetNames = TrainData.TargetNames,
            Architecture = Architecture,
            Precision = ModelDescription.PrecisionOf<T>(),
        };
        return new(copy, description, _features, _targets);
    }
}

/// <summary>What a fit gives.</summary>
/// <param name="Model">The model, ready to predict.</param>
/// <param name="Training">How the training went.</param>
/// <param name="HeldOut">How good the model is on the rows held out, in original units; null where none are.</param>
/// <typeparam name="T">The element type.</typeparam>
public sealed record FitResult<T>(TrainedModel<T> Model, TrainingResult Training, Evaluation? HeldOut)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
