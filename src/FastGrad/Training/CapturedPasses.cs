using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Training;

/// <summary>The programs of a step: one for each shape of batch, mode of the model, and set of parameters that learn.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class CapturedPasses<T>(CaptureSource<T> source, NamedParameter<T>[] parameters, int capacity, FullCache whenFull)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What decides the way through a model: shapes, mode, and which parameters learn (an index into the patterns seen).
    // The kind is a number, since hashing an enum puts it on the heap.
    private readonly record struct Key(int Kind, Shape Inputs, Shape Target, bool Labels, bool IsTraining, int Pattern);

    private readonly Dictionary<Key, CapturedPass<T>> _passes = [];
    private readonly List<byte[]> _patterns = [];
    private long _generation = -1, _uses;
    private bool _canReplay;

    public IReadOnlyCollection<Program> Programs => [.. _passes.Values.OrderBy(p => p.LastUse).Select(p => p.Program)];

    /// <summary>Whether the model does the same in every call. Hooks come and go.</summary>
    public bool CanReplay
    {
        get
        {
            long generation = Capture.Generation;
            if (_generation != generation)
            {
                _passes.Clear();
                (_canReplay, _generation) = (source.Model.CanReplay, generation);
            }
            return _canReplay;
        }
    }

    /// <summary>The program for batches of this shape, captured now if it is the first; null where this batch is to run eagerly.</summary>
    /// <exception cref="InvalidOperationException">There are as many programs as there may be, and that is to be an error.</exception>
    public CapturedPass<T>? For(PassKind kind, Tensor<T> inputs, Target<T> target)
    {
        if (!CanReplay)
            return null;
        Key key = new((int)kind, inputs.Shape, target.Shape, target.Labels is not null, source.Model.IsTraining, Pattern(kind));
        if (!_passes.TryGetValue(key, out CapturedPass<T>? pass) || !pass.Fits())
        {
            _passes.Remove(key);
            if (_passes.Count >= capacity && !MakeRoom(key))
                return null;
            if (key.Pattern == _patterns.Count)
                Remember(kind);
            pass = new(source, parameters, kind, inputs, target);
            _passes.Add(key, pass);
        }
        pass.LastUse = ++_uses;
        return pass;
    }

    private bool MakeRoom(Key key)
    {
        switch (whenFull)
        {
            case FullCache.Throw:
                throw new InvalidOperationException(
                    $"A batch of shape {key.Inputs} would be captured as program {_passes.Count + 1}, but {nameof(TrainingStepOptions.MaxPrograms)} is {capacity}; captured are "
                    + $"{string.Join(", ", _passes.Keys.Select(k => k.Inputs.ToString()).Distinct())}. Expected batches of fewer shapes (pad them), a larger {nameof(TrainingStepOptions.MaxPrograms)}, "
                    + $"or {nameof(TrainingStepOptions.WhenFull)} = {nameof(FullCache.RunEagerly)} or {nameof(FullCache.Replace)}.");
            case FullCache.Replace:
                _passes.Remove(_passes.MinBy(p => p.Value.LastUse).Key);
                return true;
            default:
                return false;
        }
    }

    // Their number would not do: one layer may be frozen while another is taken in again.
    private int Pattern(PassKind kind)
    {
        for (int pattern = 0; pattern < _patterns.Count; pattern++)
        {
            byte[] states = _patterns[pattern];
            bool same = true;
            for (int i = 0; i < parameters.Length && same; i++)
                same = State(kind, parameters[i]) == states[i];
            if (same)
                return pattern;
        }
        return _patterns.Count;
    }

    // A method of its own: what the lambda captures would be made in each step.
    private void Remember(PassKind kind) => _patterns.Add([.. parameters.Select(p => State(kind, p))]);

    // Whether a parameter learns, and whether there is a gradient to add to.
    private static byte State(PassKind kind, NamedParameter<T> parameter) =>
        (byte)((parameter.Tensor.RequiresGrad ? 1 : 0) | (kind == PassKind.Next && parameter.Tensor.Grad is not null ? 2 : 0));
}
