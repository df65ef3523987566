using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Losses;
using FastGrad.Modules;

namespace FastGrad.Training;

/// <summary>The programs of a step: one for each shape of batch, and state of the model.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class CapturedPasses<T>(CaptureSource<T> source, NamedParameter<T>[] parameters, int capacity, FullCache whenFull)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What decides the way through a model. The kind is a number, since hashing an enum puts it on the heap.
    private readonly record struct Key(int Kind, Shape Inputs, Shape Target, bool Labels, int State);

    private readonly Dictionary<Key, CapturedPass<T>> _passes = [];
    private readonly ModelStates<T> _states = new(source.Model, [.. parameters.Select(p => p.Tensor)]);
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
        Key key = new((int)kind, inputs.Shape, target.Shape, target.Labels is not null, _states.Find(adds: kind == PassKind.Next));
        if (!_passes.TryGetValue(key, out CapturedPass<T>? pass) || !pass.Fits())
        {
            _passes.Remove(key);
            if (_passes.Count >= capacity && !MakeRoom(key))
                return null;
            if (key.State == _states.Count)
                _states.Remember(adds: kind == PassKind.Next);
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
}
