using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Training;

/// <summary>What a program does with gradients, and what follows it.</summary>
internal enum PassKind
{
    /// <summary>A step of one batch: gradients are written, and the update follows.</summary>
    Whole,

    /// <summary>The first micro-batch of an update: gradients are written.</summary>
    First,

    /// <summary>A later one: gradients are added to those that are there.</summary>
    Next,
}

/// <summary>Forward, loss and backward for batches of one shape, with the update where it follows, in one program.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class CapturedPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PassKind _kind;
    private readonly ProgramInput<T> _inputs;
    private readonly ProgramInput<T>? _values;
    private readonly ProgramInput<int>? _labels;
    private readonly Target<T> _target;
    private readonly NamedParameter<T>[] _parameters;
    private readonly Tensor<T>?[] _gradients; // those that a later micro-batch adds to
    private readonly Tensor<T>[] _spent; // parameters whose gradients the program keeps to itself

    /// <summary>Captures the step for batches like this one. Nothing is computed.</summary>
    public CapturedPass(CaptureSource<T> source, NamedParameter<T>[] parameters, PassKind kind, Tensor<T> inputs, Target<T> target)
    {
        _kind = kind;
        _inputs = new(inputs.Shape);
        _values = target.Values is { } values ? new(values.Shape) : null;
        _labels = target.Labels is { } labels ? new(labels.Shape) : null;
        _target = _values is not null ? _values.Tensor : _labels!.Tensor;
        _parameters = parameters;
        Weight = kind == PassKind.Whole ? T.One : source.Weight(inputs);
        IReadOnlyList<NamedParameter<T>> separate = kind == PassKind.Whole ? source.Separately : [];
        _spent = [.. separate.Select(p => p.Tensor)];
        ForgetGradients(); // those of another program stay there
        bool[] had = [.. parameters.Select(p => kind == PassKind.Next && p.Tensor.Grad is not null)];
        Tensor<T> prediction = null!, value = null!;
        Program = Capture.Prepare<T>(
            () =>
            {
                if (kind != PassKind.Next)
                    ZeroGradients();
                if (separate.Count > 0)
                    Capture.Opaque<T>("schedule", source.Begin);
                prediction = source.Model.Invoke(_inputs.Tensor);
                value = source.Loss.Forward(prediction, _target);
                if (separate.Count > 0)
                    Note(); // before updates that may come into the backward pass
                if (Weight == T.One)
                    value.Backward();
                else
                    value.Backward(Tensor.Scalar(Weight));
                if (separate.Count == 0)
                    Note();
                for (int i = 0; i < separate.Count; i++)
                {
                    int index = i;
                    Capture.Update($"update {separate[i].Name}", separate[i].Tensor, () => source.UpdateOne(index));
                }
                if (kind == PassKind.Whole)
                    Capture.Opaque<T>(source.UpdateTitle, separate.Count > 0 ? source.End : source.Update);
                return [prediction, value];

                void Note() => Capture.Opaque("note the loss", () => source.Note(this), prediction, value);
            },
            source.Options);
        (Prediction, Loss) = (prediction, value);
        _gradients = [.. parameters.Select((p, i) => had[i] ? p.Tensor.Grad : null)];
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!had[i])
                parameters[i].Tensor.ZeroGrad(); // nothing has been computed
        }
        ForgetGradients();
    }

    public Program Program { get; }

    /// <summary>What the loss is multiplied with before backward.</summary>
    public T Weight { get; }

    /// <summary>What the model made of the last batch.</summary>
    public Tensor<T> Prediction { get; }

    /// <summary>The loss of the last batch.</summary>
    public Tensor<T> Loss { get; }

    /// <summary>What the last batch was compared with.</summary>
    public Target<T> Target => _target;

    /// <summary>When it was used last, by the count of uses.</summary>
    public long LastUse { get; set; }

    /// <summary>Whether the gradients to add to lie where they lay at capture.</summary>
    public bool Fits()
    {
        for (int i = 0; i < _gradients.Length; i++)
        {
            if (_gradients[i] is { } gradient && !ReferenceEquals(gradient, _parameters[i].Tensor.Grad))
                return false;
        }
        return true;
    }

    /// <summary>The whole of it for a batch.</summary>
    public void Run(Tensor<T> inputs, Target<T> target)
    {
        Take(inputs, target);
        Program.Run();
        ForgetGradients();
    }

    /// <summary>The whole of it for a batch, several times; what each instruction took.</summary>
    public IReadOnlyList<InstructionTime> Profile(Tensor<T> inputs, Target<T> target, int runs)
    {
        Take(inputs, target);
        IReadOnlyList<InstructionTime> times = Program.Profile(runs);
        ForgetGradients();
        return times;
    }

    /// <summary>Forward, loss and backward alone, for optimizers that evaluate several times.</summary>
    public void Evaluate(Tensor<T> inputs, Target<T> target)
    {
        Take(inputs, target);
        Program.Evaluate();
    }

    private void Take(Tensor<T> inputs, Target<T> target)
    {
        // Updates in between would reach a batch that lies where a parameter does.
        bool copies = _spent.Length > 0;
        Take(_inputs, inputs, copies);
        if (_values is not null)
            Take(_values, target.Values!, copies);
        else
            Take(_labels!, target.Labels!, copies);
        if (_kind != PassKind.Next)
            ZeroGradients(); // what this pass does not reach has no gradient, whatever the last pass reached
    }

    private static void Take<TElement>(ProgramInput<TElement> input, Tensor<TElement> elements, bool copies)
        where TElement : unmanaged
    {
        if (copies)
            input.Copy(elements);
        else
            input.Show(elements);
    }

    private void ForgetGradients()
    {
        foreach (Tensor<T> parameter in _spent)
            parameter.Grad = null;
    }

    private void ZeroGradients()
    {
        foreach (NamedParameter<T> parameter in _parameters)
            parameter.Tensor.ZeroGrad();
    }
}

/// <summary>What is captured for every shape of batch.</summary>
/// <param name="Model">The model.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Weight">What the loss of a micro-batch is multiplied with.</param>
/// <param name="Note">Reads loss and prediction of a pass that has just run backward.</param>
/// <param name="UpdateTitle">What dumps call the update.</param>
/// <param name="Update">Clipping, schedules, the optimizer's step.</param>
/// <param name="Options">What to do to the programs.</param>
internal sealed record CaptureSource<T>(
    Module<T> Model, Loss<T> Loss, Func<Tensor<T>, T> Weight, Action<CapturedPass<T>> Note, string UpdateTitle, Action Update, CaptureOptions Options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The optimizer's parameters, where each is updated by itself; else none.</summary>
    public IReadOnlyList<NamedParameter<T>> Separately { get; init; } = [];

    /// <summary>Begins an update parameter by parameter.</summary>
    public Action Begin { get; init; } = () => { };

    /// <summary>Updates one parameter, by its index in <see cref="Separately"/>.</summary>
    public Action<int> UpdateOne { get; init; } = _ => { };

    /// <summary>Ends the update.</summary>
    public Action End { get; init; } = () => { };
}
