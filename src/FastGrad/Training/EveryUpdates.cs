using System.Numerics;

namespace FastGrad.Training;

/// <summary>Does something after every so many updates: saves a checkpoint, as a rule.</summary>
/// <example><code>
/// trainer.Add(new EveryUpdates&lt;float&gt;(100, t => t.Save(folder)));
/// </code></example>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class EveryUpdates<T> : TrainingCallback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly long _every;
    private readonly Action<Trainer<T>> _action;
    private long _done = -1;

    /// <summary>Does something after updates n, 2n, 3n, …</summary>
    /// <param name="every">n.</param>
    /// <param name="action">What to do.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="every"/> is below 1.</exception>
    public EveryUpdates(long every, Action<Trainer<T>> action)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        ArgumentNullException.ThrowIfNull(action);
        (_every, _action) = (every, action);
    }

    /// <inheritdoc/>
    public override void OnUpdate(Trainer<T> trainer, in TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (progress.Updates == _done || progress.Updates % _every != 0)
            return; // a step that was skipped leaves the count where it was
        _done = progress.Updates;
        _action(trainer);
    }
}
