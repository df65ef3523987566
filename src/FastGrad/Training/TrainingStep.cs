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
/// For one thread at a time.
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
    private readonly Objective<T>? _objective;
    private readonly SharpnessAware<T>? _sharpness;
    private readonly CapturedPasses<T>? _captured;
    private readonly string _name; // a wrapper's is made anew each time
    private StepResult _result;
    private long _start;

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
        if (_options.Capture && loss.CanReplay)
        {
            CaptureOptions passes = _options.Passes with { MemoryBudget = _options.MemoryBudget ?? _options.Passes.MemoryBudget };
            CaptureSource<T> source = new(
                model, loss, Weight, pass => Note(pass.Prediction, pass.Loss, pass.Target, pass.Weight, count: true), $"clip, schedule, {_name}", () => _result = Update(), passes);
            if (_options.UpdateInBackward)
                source = Separately(source);
            _captured = new(source, _parameters, _options.MaxPrograms, _options.WhenFull);
        }
        CheckBudget();
        if (_options.SharpnessRadius > 0)
            _sharpness = new(_parameters, _options.SharpnessRadius);
        if (optimizer.Needs != OptimizerNeeds.None)
        {
            _objective = new()
            {
                Loss = () => _batches.Loss,
                Reevaluate = Reevaluate,
                HessianVector = new HessianProduct<T>(model, optimizer.Parameters, MeanLoss, () => CapturesProduct ? _batches.Kept[0] : null, _options.Passes).Write,
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
        if (_batches.Count > 0)
            throw new InvalidOperationException($"{_batches.Count} micro-batches have been accumulated; expected Apply() before the next Run.");
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
            Backward(inputs, target, weight: T.One, count: true);
            return Update();
        }
        finally
        {
            _batches.Clear();
        }
    }

    /// <summary>Adds the gradients of a micro-batch to those accumulated since the last update.</summary>
    /// <param name="inputs">What the model gets: [rows, …].</param>
    /// <param name="target">What its output is compared with.</param>
    public void Accumulate(Tensor<T> inputs, Target<T> target)
    {
        bool done = false;
        if (_batches.Count == 0)
            _start = TrainingInstruments.Start();
        try
        {
            using TensorScope scope = new(ReusesTensors);
            _batches.Add(inputs, target, isWhole: false);
            if (_captured?.For(Kind, inputs, target) is { } pass)
            {
                Program = pass.Program;
                pass.Run(inputs, target);
            }
            else
            {
                Program = null;
                CheckBudget();
                Backward(inputs, target, Weight(inputs), count: true);
            }
            done = true;
        }
        finally
        {
            if (!done)
                _batches.Clear(); // gradients may be half there: the update starts anew
        }
    }

    /// <summary>Updates the parameters from the accumulated micro-batches.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    /// <exception cref="ArithmeticException">A gradient is not finite and the optimizer's policy is to throw.</exception>
    public StepResult Apply()
    {
        if (_batches.Count == 0)
            throw new InvalidOperationException("No micro-batch has been accumulated; expected Accumulate() before Apply().");
        try
        {
            using TensorScope scope = new();
            Average();
            return Update();
        }
        finally
        {
            _batches.Clear();
        }
    }

    private CaptureSource<T> Separately(CaptureSource<T> source)
    {
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
        _sharpness?.Run(() => Reevaluate());
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

    private double Reevaluate()
    {
        _batches.Restart();
        foreach ((Tensor<T> inputs, Target<T> target) in _batches.Kept)
            Backward(inputs, target, _batches.IsWhole ? T.One : Weight(inputs), count: false);
        Average();
        return _batches.Loss;
    }

    private void Backward(Tensor<T> inputs, Target<T> target, T weight, bool count)
    {
        if (_captured?.For(Kind, inputs, target) is { } pass)
        {
            pass.Evaluate(inputs, target);
            Note(pass.Prediction, pass.Loss, target, weight, count);
            return;
        }
        if (_batches.IsFirst)
        {
            foreach (NamedParameter<T> parameter in _parameters)
                parameter.Tensor.ZeroGrad();
        }
        Tensor<T> prediction = _model.Invoke(inputs);
        Tensor<T> loss = _loss.Forward(prediction, target);
        if (weight == T.One)
            loss.Backward();
        else
            loss.Backward(Tensor.Scalar(weight));
        Note(prediction, loss, target, weight, count);
    }

    private PassKind Kind => _batches.IsWhole ? PassKind.Whole : _batches.IsFirst ? PassKind.First : PassKind.Next;

    private void Note(Tensor<T> prediction, Tensor<T> loss, Target<T> target, T weight, bool count)
    {
        _batches.Record(double.CreateTruncating(loss.Item()), double.CreateTruncating(weight));
        if (count && _options.CountCorrect)
            _batches.Correct += Hits.Count(prediction, target);
    }

    // A mean over micro-batches weighs each by its rows, which are known when all have come: so rows first, the quotient last.
    private T Weight(Tensor<T> inputs) => _loss.Reduction == Reduction.Sum ? T.One : T.CreateTruncating(inputs.Shape[0]);

    private void Average()
    {
        if (_batches.IsWhole || _loss.Reduction == Reduction.Sum)
            return;
        T factor = T.One / T.CreateTruncating(_batches.Rows);
        foreach (NamedParameter<T> parameter in _parameters)
        {
            if (parameter.Tensor.Grad is { } gradient)
                Kernels.Elementwise.Unary.Apply(new Kernels.Elementwise.Operators.MultiplyScalar<T>(factor), gradient.AsReadOnlySpan(), gradient.AsSpan());
        }
    }

    // The loss of all kept batches, or of one, as a differentiable number.
    private Tensor<T> MeanLoss((Tensor<T> Inputs, Target<T> Target)? batch)
    {
        if (batch is var (only, compared))
            return _loss.Forward(_model.Invoke(only), compared);
        Tensor<T>? sum = null;
        foreach ((Tensor<T> inputs, Target<T> target) in _batches.Kept)
        {
            Tensor<T> loss = _loss.Forward(_model.Invoke(inputs), target);
            if (!_batches.IsWhole && _loss.Reduction == Reduction.Mean)
                loss = loss * (Weight(inputs) / T.CreateTruncating(_batches.Rows));
            sum = sum is null ? loss : sum + loss;
        }
        return sum!;
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
