using System.Numerics;
using FastGrad.Data;
using FastGrad.Inference;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Optimization;
using FastGrad.Optimization.Options;
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
    private readonly string? _rate;
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
        _batches = new(_loader);
        if (model.NamedParameters().All(p => !p.Parameter.HasValues))
            model.Initialize(options.Seed);
        NamedParameter<T>[] trained = [.. model.NamedParameters().Where(p => p.Tensor.RequiresGrad)];
        Optimizer = optimizer ?? options.Definition.Create<T>(trained, options.OptimizerOptions, options.SettingsFor(TotalUpdates));
        _rate = options.Definition.Options.FirstOrDefault(o => o.Meaning == OptionMeaning.LearningRate)?.Name;
        if (optimizer is not null && optimizer.Core != options.Definition.Name)
            _rate = null;
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

    /// <summary>The batch that comes next.</summary>
    public LoaderPosition Position => _loader.Position;

    /// <summary>The batches of an epoch.</summary>
    public int BatchesPerEpoch => _loader.BatchesPerEpoch;

    /// <summary>The updates of all epochs together.</summary>
    public long TotalUpdates => (long)Options.Epochs * ((BatchesPerEpoch + Options.Accumulation - 1) / Options.Accumulation);

    /// <summary>Whether all epochs are done.</summary>
    public bool IsDone => _loader.Position.Epoch >= Options.Epochs;

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
        _stop = false;
        Model.Train();
        while (!IsDone)
        {
            if (cancellation.IsCancellationRequested)
                return new(TrainingStatus.Cancelled, _last);
            Update(heldOut);
            progress?.Report(_last);
            foreach (TrainingCallback<T> callback in _callbacks)
            {
                callback.OnUpdate(this, _last);
                if (_last.IsEpochEnd)
                    callback.OnEpoch(this, _last);
            }
            if (_stop)
                return new(TrainingStatus.Stopped, _last);
        }
        return new(TrainingStatus.Completed, _last);
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

    /// <summary>Takes up a training where a checkpoint left it: what follows is the uninterrupted training, bit for bit.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint of this training: the message names the file, the entry, and both values.</exception>
    public void Load(SafeTensorsFile file) => Checkpoint.Read(this, file);

    /// <summary>Takes up a training where a checkpoint left it: what follows is the uninterrupted training, bit for bit.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint of this training: the message names the file, the entry, and both values.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Load(string path) => Load(SafeTensors.Load(path));

    internal void MoveTo(LoaderPosition position) => _loader.Position = position;

    private void Update(DataSet<T>? heldOut)
    {
        LoaderPosition position = _loader.Position;
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
            evaluation = Evaluator.Evaluate(Model, Optimizer, heldOut);
        _last = new(
            position.Epoch + 1, Options.Epochs, done, BatchesPerEpoch, Optimizer.Updates, step.Loss, _totals.MeanLoss, _totals.Accuracy,
            _rate is null ? double.NaN : Optimizer.Groups[0][_rate], evaluation);
    }
}
