using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;
using FastGrad.Observability;
using FastGrad.Optimization;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Training;

/// <summary>One update of a model: zero gradients, forward, loss, backward, clipping, the optimizer's step with its schedule.</summary>
/// <remarks>
/// <para>
/// <see cref="Run"/> does all of it for one batch. <see cref="Accumulate"/>, called for several micro-batches, then <see cref="Apply"/>
/// make one update of them together: gradients are averaged by rows (summed where the loss sums), then clipped, then applied.
/// </para>
/// <para>
/// Temporaries live in a <see cref="TensorScope"/> of the step's own. Clipping, schedules and groups are the optimizer's settings.
/// What an optimizer needs beyond gradients (the loss, another evaluation, Hessian-vector products) it gets on the batch at hand.
/// The whole step, from zero gradients to the optimizer, is captured as one program for each shape of batch and replayed, where model
/// and loss are replayable and the options do not say otherwise; so is the pass of each micro-batch, and what an optimizer evaluates again.
/// A model that gets a hook runs eagerly from then on, and <see cref="Program"/> is null; a hook on a parameter is recorded.
/// The result is a function of parameters, optimizer state and batches: threads and instruction sets do not change a bit of it.
/// For one thread at a time: a second one is told.
/// </para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TrainingStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Module<T> _model;
    private readonly Loss<T> _loss;
    private readonly TrainingStepOptions _options;
    private readonly NamedParameter<T>[] _parameters;
    private readonly MicroBatches<T> _batches;
    private readonly BatchGradients<T> _gradients;
    private readonly Objective<T>? _objective;
    private readonly SharpnessAware<T>? _sharpness;
    private readonly CapturedPasses<T>? _captured;
    private readonly string _name; // a wrapper's is made anew each time
    private StepResult _result;
    private long _start;
    private int _isBusy;

    /// <summary>A step.</summary>
    /// <param name="model">The model; its parameters must have values.</param>
    /// <param name="loss">The loss, reduced to a scalar.</param>
    /// <param name="optimizer">The optimizer, created over the model's parameters: <c>definition.Create&lt;T&gt;(model.NamedParameters())</c>.</param>
    /// <param name="options">What to do beside; null for <see cref="TrainingStepOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">The loss is not reduced, or the optimizer has a parameter that is not the model's.</exception>
    public TrainingStep(Module<T> model, Loss<T> loss, Optimizer<T> optimizer, TrainingStepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (loss.Reduction == Reduction.None)
            throw new ArgumentException($"The {loss.Name} loss is not reduced; training needs Reduction.Mean or Reduction.Sum.", nameof(loss));
        (_model, _loss, Optimizer, _options, _name) = (model, loss, optimizer, options ?? TrainingStepOptions.Default, optimizer.Name);
        ArgumentOutOfRangeException.ThrowIfNegative(_options.SharpnessRadius, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxPrograms, 1, nameof(options));
        _parameters = [.. model.NamedParameters()]; // frozen ones too: they may learn later
        CheckParameters();
        bool again = _options.SharpnessRadius > 0 || (optimizer.Needs & (OptimizerNeeds.Reevaluate | OptimizerNeeds.HessianVector)) != 0;
        _batches = new(keepsBatches: again);
        _gradients = new(model, loss, _parameters, _batches, _options.CountCorrect);
        if (_options.Capture && loss.CanReplay)
            _captured = _gradients.Captured = new(Source(), _parameters, _options.MaxPrograms, _options.WhenFull);
        CheckBudget();
        if (_options.SharpnessRadius > 0)
            _sharpness = new(_parameters, _options.SharpnessRadius, _gradients.Reevaluate);
        if (optimizer.Needs != OptimizerNeeds.None)
        {
            _objective = new()
            {
                Loss = () => _batches.Loss,
                Reevaluate = _gradients.Reevaluate,
                HessianVector = new HessianProduct<T>(model, optimizer.Parameters, _gradients.MeanLoss, () => CapturesProduct ? _batches.Kept[0] : null, _options.Passes).Write,
            };
        }
    }

    /// <summary>The optimizer.</summary>
    public Optimizer<T> Optimizer { get; }

    /// <summary>The program of the last step, or of its last micro-batch: its text, its memory. Null where it was not captured.</summary>
    public Program? Program { get; private set; }

    /// <summary>All programs so far, the one used last at the end; no more than <see cref="TrainingStepOptions.MaxPrograms"/>.</summary>
    public IReadOnlyCollection<Program> Programs => _captured?.Programs ?? [];

    /// <summary>Captures the step for batches of this shape, without running it: the program's memory is known before the first step.</summary>
    /// <param name="inputs">A batch: only its shape matters.</param>
    /// <param name="target">What it is compared with.</param>
    /// <exception cref="InvalidOperationException">The step cannot be captured; the message says what stands against it.</exception>
    public Program Capture(Tensor<T> inputs, Target<T> target)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return _captured?.For(PassKind.Whole, inputs, target)?.Program
            ?? throw new InvalidOperationException($"The step cannot be captured: {WhyNotCaptured()}.");
    }

    /// <summary>Takes several steps with one batch, and times each instruction of the captured step.</summary>
    /// <param name="inputs">What the model gets: [rows, …].</param>
    /// <param name="target">What its output is compared with.</param>
    /// <param name="steps">The number of steps; each updates the parameters.</param>
    /// <exception cref="InvalidOperationException">The step cannot be captured, or micro-batches have been accumulated and not applied.</exception>
    public IReadOnlyList<InstructionTime> Profile(Tensor<T> inputs, Target<T> target, int steps = 15)
    {
        Capture(inputs, target);
        Begin(isWhole: true);
        try
        {
            using TensorScope scope = new(ReusesTensors);
            _batches.Add(inputs, target, isWhole: true);
            return _captured!.For(PassKind.Whole, inputs, target)!.Profile(inputs, target, steps);
        }
        finally
        {
            End(keepsBatches: false);
        }
    }

    // A module that may be replayed holds no tensor from one step to the next: in a program that would be a temporary.
    private bool ReusesTensors => _model.CanReplay && _loss.CanReplay;

    // A batch of its own is one graph; the sum over several is another for each number of them.
    private bool CapturesProduct => _batches.IsWhole && _captured is { CanReplay: true };

    private void CheckBudget()
    {
        if (_options.MemoryBudget is not null && _captured is not { CanReplay: true })
            throw new InvalidOperationException($"A budget of memory needs a captured step, but {WhyNotCaptured()}.");
    }

    private string WhyNotCaptured() =>
        !_options.Capture ? "the options say not to"
        : _model.NotReplayable() is { } reason ? reason
        : !_loss.CanReplay ? $"the loss {_loss.Name} does not say that it does the same in every call (IsReplayable)"
        : "batches of too many shapes have been captured";

    /// <summary>One update from one batch.</summary>
    /// <param name="inputs">What the model gets: [rows, …].</param>
    /// <param name="target">What its output is compared with.</param>
    /// <exception cref="InvalidOperationException">Micro-batches have been accumulated and not applied.</exception>
    /// <exception cref="ArithmeticException">A gradient is not finite and the optimizer's policy is to throw.</exception>
    public StepResult Run(Tensor<T> inputs, Target<T> target)
    {
        Begin(isWhole: true);
        try
        {
            _start = TrainingInstruments.Start();
            using TensorScope scope = new(ReusesTensors);
            _batches.Add(inputs, target, isWhole: true);
            if (_captured?.For(PassKind.Whole, inputs, target) is { } pass)
            {
                Program = pass.Program;
                pass.Run(inputs, target);
                return _result;
            }
            Program = null;
            CheckBudget();
            _gradients.ComputeEagerly(inputs, target, weight: T.One);
            return Update();
        }
        finally
        {
            End(keepsBatches: false);
        }
    }

    /// <summary>Adds the gradients of a micro-batch to those accumulated since the last update.</summary>
    /// <param name="inputs">What the model gets: [rows, …].</param>
    /// <param name="target">What its output is compared with.</param>
    public void Accumulate(Tensor<T> inputs, Target<T> target)
    {
        bool done = false;
        Begin(isWhole: false);
        if (_batches.Count == 0)
            _start = TrainingInstruments.Start();
        try
        {
            using TensorScope scope = new(ReusesTensors);
            _batches.Add(inputs, target, isWhole: false);
            if (_captured?.For(_gradients.Kind, inputs, target) is { } pass)
            {
                Program = pass.Program;
                pass.Run(inputs, target);
            }
            else
            {
                Program = null;
                CheckBudget();
                _gradients.ComputeEagerly(inputs, target, _gradients.Weight(inputs));
            }
            done = true;
        }
        finally
        {
            End(keepsBatches: done); // else gradients may be half there: the update starts anew
        }
    }

    /// <summary>Updates the parameters from the accumulated micro-batches.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    /// <exception cref="ArithmeticException">A gradient is not finite and the optimizer's policy is to throw.</exception>
    public StepResult Apply()
    {
        if (_batches.Count == 0)
            throw new InvalidOperationException("No micro-batch has been accumulated; expected Accumulate() before Apply().");
        Begin(isWhole: false);
        try
        {
            using TensorScope scope = new();
            _gradients.Average();
            return Update();
        }
        finally
        {
            End(keepsBatches: false);
        }
    }

    // Gradients, batches and programs are one for all calls.
    private void Begin(bool isWhole)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
            throw new InvalidOperationException("A step begins while another thread, or a hook of this one, is within it; expected one call at a time, or a step for each thread with a model of its own.");
        if (!isWhole || _batches.Count == 0)
            return;
        End(keepsBatches: true);
        throw new InvalidOperationException($"{_batches.Count} micro-batches have been accumulated; expected Apply() before the next Run.");
    }

    private void End(bool keepsBatches)
    {
        if (!keepsBatches)
            _batches.Clear();
        Volatile.Write(ref _isBusy, 0);
    }

    private CaptureSource<T> Source()
    {
        CaptureOptions passes = _options.Passes with { MemoryBudget = _options.MemoryBudget ?? _options.Passes.MemoryBudget };
        CaptureSource<T> source = new(_model, _loss, _gradients.Weight, _gradients.Note, $"clip, schedule, {_name}", () => _result = Update(), passes);
        if (!_options.UpdateInBackward)
            return source;
        if (!Optimizer.UpdatesSeparately || _options.SharpnessRadius > 0)
            throw new ArgumentException($"{Optimizer.Name} needs all gradients of a step together (by coupling, clipping, norms, a second evaluation, or a wrapper); expected an optimizer that updates separately, or {nameof(TrainingStepOptions.UpdateInBackward)} off.", nameof(Optimizer));
        return source with
        {
            Separately = [.. Optimizer.Parameters.Cast<NamedParameter<T>>()],
            UpdateTitle = $"end of {Optimizer.Name}",
            Begin = () =>
            {
                Optimizer.Workers = ComputeContext.Current.Workers;
                Optimizer.BeginUpdates();
            },
            UpdateOne = Optimizer.Update,
            End = () => _result = Result(Optimizer.EndUpdates(), _batches.Loss),
        };
    }

    private StepResult Update()
    {
        Optimizer.Workers = ComputeContext.Current.Workers;
        double loss = _batches.Loss; // that of the point itself, whatever is evaluated after
        _sharpness?.Run();
        StepReport report = Optimizer.Step(_objective);
        return Result(report, loss);
    }

    private StepResult Result(StepReport report, double loss)
    {
        StepResult result = new(loss, _batches.Rows, _options.CountCorrect ? _batches.Correct : -1, report.Applied, report.GradientNorm);
        TrainingInstruments.Record(_start, result, Optimizer, _name);
        if (!report.Applied && TrainingEvents.Log.IsEnabled())
            TrainingEvents.Log.StepSkipped(Optimizer.Updates);
        return result;
    }

    private void CheckParameters()
    {
        HashSet<Parameter<T>> own = [.. _model.NamedParameters().Select(p => p.Parameter)];
        foreach (IParameter<T> parameter in Optimizer.Parameters)
        {
            if (parameter is not NamedParameter<T> named || !own.Contains(named.Parameter))
                throw new ArgumentException($"The optimizer updates '{parameter.Info.Name}', which is no parameter of the model; expected an optimizer created over model.NamedParameters().", nameof(Optimizer));
        }
    }
}
