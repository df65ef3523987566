using FastGrad.Optimization.State;

namespace FastGrad.Optimization.Schedules;

/// <summary>What changes hyperparameters in answer to a measured number, such as a validation loss. Unlike a schedule it has a past.</summary>
/// <remarks>
/// Its state is explicit and belongs beside the optimizer's in a checkpoint: an optimizer's own state does not hold values that were
/// set by hand, so loading sets them again.
/// </remarks>
public abstract class MetricSchedule
{
    /// <summary>The name, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>All that it remembers, live.</summary>
    public abstract IReadOnlyList<StateEntry> State { get; }

    /// <summary>Takes a measurement, and changes hyperparameters if it is time.</summary>
    /// <returns>Whether something changed.</returns>
    public abstract bool Observe(double metric);

    /// <summary>Checks tensors for <see cref="LoadState"/>, and changes nothing.</summary>
    /// <exception cref="ArgumentException">A tensor is missing, unknown, or of another type or shape.</exception>
    public void Check(IEnumerable<StateTensor> tensors) => StateLoader.Check(Name, State, tensors);

    /// <summary>Restores the state and sets the hyperparameters that belong to it.</summary>
    /// <exception cref="ArgumentException">A tensor is missing, unknown, or of another type or shape; nothing has changed.</exception>
    public void LoadState(IEnumerable<StateTensor> tensors)
    {
        StateLoader.Load(Name, State, tensors);
        Restore();
    }

    /// <summary>Sets the hyperparameters that belong to the state.</summary>
    protected abstract void Restore();
}
