using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Training;

/// <summary>Forward, loss and backward for batches of one shape, captured once and replayed for each batch.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class CapturedPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<T> _inputs;
    private readonly Target<T> _target;
    private readonly NamedParameter<T>[] _parameters;
    private readonly Program _program;

    /// <summary>Captures the pass on copies of a batch. It runs the model once; the gradients are those of the batch.</summary>
    public CapturedPass(Module<T> model, Loss<T> loss, NamedParameter<T>[] parameters, Tensor<T> inputs, Target<T> target)
    {
        _inputs = Tensor.Wrap(inputs.ToArray().AsMemory(), inputs.Shape);
        _target = target.Clone();
        _parameters = parameters;
        Tensor<T> prediction = null!, value = null!;
        _program = Capture.Record<T>(() =>
        {
            foreach (NamedParameter<T> parameter in parameters)
                parameter.Tensor.ZeroGrad();
            prediction = model.Invoke(_inputs);
            value = loss.Forward(prediction, _target);
            value.Backward();
            return [prediction, value];
        });
        (Prediction, Loss) = (prediction, value);
    }

    /// <summary>What the model made of the last batch.</summary>
    public Tensor<T> Prediction { get; }

    /// <summary>The loss of the last batch.</summary>
    public Tensor<T> Loss { get; }

    /// <summary>Replays the pass for a batch.</summary>
    public void Run(Tensor<T> inputs, Target<T> target)
    {
        inputs.CopyTo(_inputs.AsSpan());
        target.CopyTo(_target);
        foreach (NamedParameter<T> parameter in _parameters)
            parameter.Tensor.ZeroGrad(); // what this pass does not reach has no gradient, whatever the last pass reached
        _program.Run();
    }
}

/// <summary>The captured passes of a step, one for each shape of batch: the full one, and the last of an epoch.</summary>
internal sealed class CapturedPasses<T>(Module<T> model, Loss<T> loss, NamedParameter<T>[] parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // More shapes than this, and capture costs more than it saves: further ones run eagerly.
    private const int MaxShapes = 16;

    // What decides the way through a model: shapes, mode, and which parameters learn (an index into the patterns seen).
    private readonly record struct Key(Shape Inputs, Shape Target, bool Labels, bool IsTraining, int Learning);

    private readonly Dictionary<Key, CapturedPass<T>> _passes = [];
    private readonly List<bool[]> _patterns = [];

    /// <summary>The pass for a batch, after it has run; null where there are too many shapes.</summary>
    public CapturedPass<T>? Run(Tensor<T> inputs, Target<T> target)
    {
        Key key = new(inputs.Shape, target.Shape, target.Labels is not null, model.IsTraining, Learning());
        if (!_passes.TryGetValue(key, out CapturedPass<T>? pass))
        {
            if (_passes.Count >= MaxShapes)
                return null;
            if (key.Learning == _patterns.Count)
                _patterns.Add([.. parameters.Select(p => p.Tensor.RequiresGrad)]);
            // Capturing runs the batch; a second run would draw a second mask, and move running statistics twice.
            _passes.Add(key, pass = new(model, loss, parameters, inputs, target));
            return pass;
        }
        pass.Run(inputs, target);
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
