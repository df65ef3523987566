using System.Diagnostics;
using System.Numerics;
using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Observability;
using FastGrad.Optimization;
using FastGrad.Optimization.Schedules;
using FastGrad.Serialization;

namespace FastGrad.Training;

/// <summary>Trains a model on a data set: epochs of batches, with progress, callbacks, cancellation and checkpoints.</summary>
/// <remarks>
/// Deterministic: the parameters after an update are a function of model, data and options, whatever the threads and the instruction
/// set, and whether the training was interrupted and resumed in between. For one thread at a time.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DataLoader<T> _loader;
    private readonly BatchSource<T> _batches;
    private readonly TrainingStep<T> _step;
    private readonly List<TrainingCallback<T>> _callbacks = [];
    private EpochTotals _totals;
    private TrainingProgress _last;
    private bool _stop;

    /// <summary>A trainer before its first update.</summary>
    /// <param name="model">The model. If it has no values yet, they are made from the options' seed.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="data">What to train on, scaled as the model is to see it.</param>
    /// <param name="options">How to train.</param>
    /// <param name="optimizer">An optimizer over the model's parameters; null for the one that the options name.</param>
    /// <exception cref="ArgumentException">An option is unknown or out of range, the data has no target, or model, loss, data and optimizer do not fit.</exception>
    public Trainer(Module<T> model, Loss<T> loss, DataSet<T> data, TrainerOptions options, Optimizer<T>? optimizer = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (data.Kind is not (TargetKind.Classification or TargetKind.Regression))
            throw new ArgumentException("The data set has no targets; training needs classes or numbers to predict.", nameof(data));
        (Model, Loss, Data, Options) = (model, loss, data, options);
        _loader = new(data, new() { BatchSize = options.BatchSize, Shuffle = options.Shuffle, Seed = options.Seed, LastBatch = options.LastBatch });
        _batches = new(_loader, options.GatherAhead, options.Epochs);
        if (model.NamedParameters().All(p => !p.Parameter.HasValues))
            model.Initialize(options.Seed);
        NamedParameter<T>[] trained = [.. model.NamedParameters().Where(p => p.Tensor.RequiresGrad)];
        Optimizer = optimizer ?? options.Definition.Create<T>(trained, options.OptimizerOptions, options.SettingsFor(TotalUpdates));
        if (optimizer is not null && optimizer.Core != options.Definition.Name && options.MetricDefinition is { } metric)
            throw new ArgumentException($"The schedule {metric.Name} would drive the learning rate of {options.Definition.Name}, but the optimizer is {optimizer.Core}; expected the options to name it.", nameof(optimizer));
        MetricSchedule = options.MetricScheduleFor(Optimizer.Groups);
        _step = new(model, loss, Optimizer, new() { CountCorrect = data.Kind == TargetKind.Classification, SharpnessRadius = options.SharpnessRadius, Capture = options.Capture });
    }

    /// <summary>The model.</summary>
    public Module<T> Model { get; }

    /// <summary>The loss.</summary>
    public Loss<T> Loss { get; }

    /// <summary>What it trains on.</summary>
    public DataSet<T> Data { get; }

    /// <summary>How it trains.</summary>
    public TrainerOptions Options { get; }

    /// <summary>The optimizer, with its state.</summary>
    public Optimizer<T> Optimizer { get; }

    /// <summary>The schedule that answers a metric; null where there is none.</summary>
    public MetricSchedule? MetricSchedule { get; }

    /// <summary>The batch that comes next.</summary>
    public LoaderPosition Position => _batches.Position;

    /// <summary>The batches of an epoch.</summary>
    public int BatchesPerEpoch => _loader.BatchesPerEpoch;

    /// <summary>The updates of all epochs together.</summary>
    public long TotalUpdates => (long)Options.Epochs * ((BatchesPerEpoch + Options.Accumulation - 1) / Options.Accumulation);

    /// <summary>Whether all epochs are done.</summary>
    public bool IsDone => _batches.Position.Epoch >= Options.Epochs;

    internal EpochTotals Totals
    {
        get => _totals;
        set => _totals = value;
    }

    internal TrainingProgress Last
    {
        get => _last;
        set => _last = value;
    }

    /// <summary>Adds a callback.</summary>
    /// <returns>This trainer.</returns>
    public Trainer<T> Add(TrainingCallback<T> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _callbacks.Add(callback);
        return this;
    }

    /// <summary>Stops after the update under way; for callbacks.</summary>
    public void Stop() => _stop = true;

    /// <summary>Trains from where it stands to the end of the last epoch, or until cancelled or stopped.</summary>
    /// <param name="progress">Hears of every update.</param>
    /// <param name="heldOut">What to evaluate on after each epoch, scaled as the training data.</param>
    /// <param name="cancellation">Looked at between updates: the training stops cleanly, and another run goes on from there.</param>
    /// <exception cref="ArithmeticException">A gradient is not finite and the optimizer's policy is to throw.</exception>
    public TrainingResult Run(IProgress<TrainingProgress>? progress = null, DataSet<T>? heldOut = null, CancellationToken cancellation = default)
    {
        if (MetricSchedule is { } schedule && Options.ScheduleMetric != ScheduleMetric.TrainingLoss && heldOut is null)
            throw new InvalidOperationException($"The schedule {schedule.Name} answers {Options.ScheduleMetric}, but there is no held-out data; expected some, or ScheduleMetric.TrainingLoss.");
        using Activity? activity = Telemetry.Activities.StartActivity("fastgrad.training");
        activity?.SetTag("optimizer", Optimizer.Name);
        if (TrainingEvents.Log.IsEnabled())
            TrainingEvents.Log.TrainingStart(Optimizer.Name, Position.Epoch, Options.Epochs);
        TrainingStatus status = RunAll(progress, heldOut, cancellation);
        activity?.SetTag("status", status.ToString());
        if (TrainingEvents.Log.IsEnabled())
            TrainingEvents.Log.TrainingStop(status.ToString(), Optimizer.Updates);
        return new(status, _last);
    }

    private TrainingStatus RunAll(IProgress<TrainingProgress>? progress, DataSet<T>? heldOut, CancellationToken cancellation)
    {
        _stop = false;
        Model.Train();
        Activity? epoch = null;
        try
        {
            while (!IsDone)
            {
                if (cancellation.IsCancellationRequested)
                    return TrainingStatus.Cancelled;
                epoch ??= Telemetry.Activities.StartActivity("fastgrad.epoch");
                Update(heldOut);
                if (_last.IsEpochEnd)
                {
                    if (TrainingEvents.Log.IsEnabled())
                        TrainingEvents.Log.EpochStop(_last.Epoch, _last.Loss);
                    epoch?.Dispose();
                    epoch = null;
                }
                Report(progress);
                if (_stop)
                    return TrainingStatus.Stopped;
            }
            return TrainingStatus.Completed;
        }
        finally
        {
            epoch?.Dispose();
        }
    }

    private void Report(IProgress<TrainingProgress>? progress)
    {
        progress?.Report(_last);
        foreach (TrainingCallback<T> callback in _callbacks)
        {
            callback.OnUpdate(this, _last);
            if (_last.IsEpochEnd)
                callback.OnEpoch(this, _last);
        }
    }

    /// <summary>Adds all that a resumed training needs to a file: parameters, optimizer state, counters, and the settings to be compared.</summary>
    public void Save(SafeTensorsWriter writer) => Checkpoint.Write(this, writer);

    /// <summary>Writes a checkpoint, all or nothing.</summary>
    /// <returns>SHA-256 of the file's bytes: a function of model, data and options up to here, not of threads, instruction set or time.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public string Save(string path)
    {
        SafeTensorsWriter writer = new();
        Save(writer);
        return writer.Save(path);
    }

    /// <summary>The name of a training's file in a folder.</summary>
    public const string CheckpointName = "checkpoint.safetensors";

    /// <summary>Writes a checkpoint into a folder, so that a crash leaves this one or the one before.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public CheckpointManifest Save(CheckpointFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using Activity? activity = Telemetry.Activities.StartActivity("fastgrad.checkpoint");
        SafeTensorsWriter writer = new();
        Save(writer);
        return folder.Save((CheckpointName, writer));
    }

    /// <summary>Takes up a training where a folder's checkpoint left it, bit for bit.</summary>
    /// <exception cref="InvalidDataException">The folder's checkpoint is broken, or of another training.</exception>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    public void Load(CheckpointFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Load(folder.Open(CheckpointName));
    }

    /// <summary>Takes up a training where a checkpoint left it: what follows is the uninterrupted training, bit for bit.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint of this training: the message names the file, the entry, and both values.</exception>
    public void Load(SafeTensorsFile file) => Checkpoint.Read(this, file);

    /// <summary>Takes up a training where a checkpoint left it: what follows is the uninterrupted training, bit for bit.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint of this training: the message names the file, the entry, and both values.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Load(string path) => Load(SafeTensors.Load(path));

    /// <summary>Puts the model into the state to evaluate and deploy, until the result is disposed: the optimizer's evaluation weights, and statistics of batch normalization that belong to them.</summary>
    /// <remarks>
    /// Statistics are taken anew only where the evaluation weights are not those of training: the means over the training data, as
    /// <c>torch.optim.swa_utils.update_bn</c> takes them. Weights, statistics and mode come back bit for bit.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The state is in use already.</exception>
    public EvaluationState<T> UseEvaluationState() => new(Model, Optimizer, Data, _loader.BatchSize);

    internal void MoveTo(LoaderPosition position) => _batches.MoveTo(position);

    private void Update(DataSet<T>? heldOut)
    {
        LoaderPosition position = _batches.Position;
        if (position.Batch == 0)
            _totals = default;
        int left = BatchesPerEpoch - position.Batch, micro = Math.Min(Options.Accumulation, left);
        StepResult step;
        if (micro == 1)
        {
            (Autograd.Tensor<T> inputs, Target<T> target) = _batches.Next();
            step = _step.Run(inputs, target);
        }
        else
        {
            for (int i = 0; i < micro; i++)
            {
                (Autograd.Tensor<T> inputs, Target<T> target) = _batches.Next();
                _step.Accumulate(inputs, target);
            }
            step = _step.Apply();
        }
        _totals.Add(step, Loss.Reduction);
        int done = position.Batch + micro;
        Evaluation? evaluation = null;
        if (done == BatchesPerEpoch && heldOut is not null)
        {
            using EvaluationState<T> state = UseEvaluationState();
            evaluation = Evaluator.Evaluate(Model, heldOut);
        }
        _last = new(
            position.Epoch + 1, Options.Epochs, done, BatchesPerEpoch, Optimizer.Updates, step.Loss, _totals.MeanLoss, _totals.Accuracy,
            Optimizer.Groups[0].LearningRate, evaluation);
        if (_last.IsEpochEnd)
            MetricSchedule?.Observe(Metric());
    }

    private double Metric() => Options.ScheduleMetric switch
    {
        ScheduleMetric.TrainingLoss => _last.Loss,
        ScheduleMetric.HeldOutLoss => _last.HeldOut!.Loss,
        _ => _last.HeldOut!.Accuracy ?? _last.HeldOut.R2 ?? double.NaN,
    };
}
