using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Training;

/// <summary>A training step for batches of one shape: forward, loss, backward, and what follows, in one program.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class CapturedPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T> _inputs;
    private readonly Target<T> _target;
    private readonly NamedParameter<T>[] _parameters;

    /// <summary>Captures the step on copies of a batch. Nothing is computed.</summary>
    public CapturedPass(CaptureSource<T> source, NamedParameter<T>[] parameters, Tensor<T> inputs, Target<T> target)
    {
        _inputs = Tensor.Wrap(inputs.ToArray().AsMemory(), inputs.Shape);
        _target = target.Clone();
        _parameters = parameters;
        Tensor<T> prediction = null!, value = null!;
        Program = Capture.Prepare<T>(
            () =>
            {
                foreach (NamedParameter<T> parameter in parameters)
                    parameter.Tensor.ZeroGrad();
                prediction = source.Model.Invoke(_inputs);
                value = source.Loss.Forward(prediction, _target);
                value.Backward();
                Capture.Opaque("note the loss", () => source.Note(this), prediction, value);
                Capture.Opaque<T>(source.UpdateTitle, source.Update);
                return [prediction, value];
            },
            source.Options);
        (Prediction, Loss) = (prediction, value);
    }

    public Program Program { get; }

    /// <summary>What the model made of the last batch.</summary>
    public Tensor<T> Prediction { get; }

    /// <summary>The loss of the last batch.</summary>
    public Tensor<T> Loss { get; }

    /// <summary>What the last batch was compared with.</summary>
    public Target<T> Target => _target;

    /// <summary>The whole step for a batch.</summary>
    public void Run(Tensor<T> inputs, Target<T> target)
    {
        Take(inputs, target);
        Program.Run();
    }

    /// <summary>Forward, loss and backward alone, for optimizers that evaluate several times.</summary>
    public void Evaluate(Tensor<T> inputs, Target<T> target)
    {
        Take(inputs, target);
        Program.Evaluate();
    }

    private void Take(Tensor<T> inputs, Target<T> target)
    {
        inputs.CopyTo(_inputs.AsSpan());
        target.CopyTo(_target);
        foreach (NamedParameter<T> parameter in _parameters)
            parameter.Tensor.ZeroGrad(); // what this pass does not reach has no gradient, whatever the last pass reached
    }
}

/// <summary>What is captured for every shape of batch.</summary>
/// <param name="Model">The model.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Note">Reads loss and prediction of a pass that has just run backward.</param>
/// <param name="UpdateTitle">What dumps call the update.</param>
/// <param name="Update">Clipping, schedules, the optimizer's step.</param>
/// <param name="Options">What to do to the programs.</param>
internal sealed record CaptureSource<T>(
    Module<T> Model, Loss<T> Loss, Action<CapturedPass<T>> Note, string UpdateTitle, Action Update, CaptureOptions Options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The programs of a step, one for each shape of batch: the full one, and the last of an epoch.</summary>
internal sealed class CapturedPasses<T>(CaptureSource<T> source, NamedParameter<T>[] parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // More shapes than this, and capture costs more than it saves: further ones run eagerly.
    private const int MaxShapes = 16;

    // What decides the way through a model: shapes, mode, and which parameters learn (an index into the patterns seen).
    private readonly record struct Key(Shape Inputs, Shape Target, bool Labels, bool IsTraining, int Learning);

    private readonly Dictionary<Key, CapturedPass<T>> _passes = [];
    private readonly List<bool[]> _patterns = [];

    /// <summary>The program for batches of this shape, captured now if it is the first; null where there are too many shapes.</summary>
    public CapturedPass<T>? For(Tensor<T> inputs, Target<T> target)
    {
        Key key = new(inputs.Shape, target.Shape, target.Labels is not null, source.Model.IsTraining, Learning());
        if (!_passes.TryGetValue(key, out CapturedPass<T>? pass))
        {
            if (_passes.Count >= MaxShapes)
                return null;
            pass = new(source, parameters, inputs, target);
            if (key.Learning == _patterns.Count)
                _patterns.Add([.. parameters.Select(p => p.Tensor.RequiresGrad)]);
            _passes.Add(key, pass);
        }
        return pass;
    }

    // Their number would not do: one layer may be frozen while another is taken in again.
    private int Learning()
    {
        for (int pattern = 0; pattern < _patterns.Count; pattern++)
        {
            bool same = true;
            for (int i = 0; i < parameters.Length && same; i++)
                same = parameters[i].Tensor.RequiresGrad == _patterns[pattern][i];
            if (same)
                return pattern;
        }
        return _patterns.Count;
    }
}
