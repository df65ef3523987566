using System.Numerics;
using FastGrad.Kernels.Workers;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization;

/// <summary>Which weights the parameters hold.</summary>
public enum WeightsInUse
{
    /// <summary>Those that training moves.</summary>
    Training,

    /// <summary>Those to evaluate and deploy, such as averages.</summary>
    Evaluation,
}

/// <summary>An optimizer at work on parameters: it owns their state, and belongs to whoever created it. Not thread-safe.</summary>
/// <remarks>Wrappers derive from it and hold another optimizer.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name of its definition.</summary>
    public abstract string Name { get; }

    /// <summary>The name of the definition without the wrappers around it.</summary>
    public virtual string Core => Name;

    /// <summary>What <see cref="Step"/> must be given.</summary>
    public abstract OptimizerNeeds Needs { get; }

    /// <summary>The parameters, in the order given at creation.</summary>
    public abstract IReadOnlyList<IParameter<T>> Parameters { get; }

    /// <summary>The groups, with their current hyperparameters.</summary>
    public abstract IReadOnlyList<OptimizerGroup> Groups { get; }

    /// <summary>The updates applied so far. Schedules count these; a checkpoint holds it as <c>@optimizer.updates</c>.</summary>
    public abstract long Updates { get; }

    /// <summary>All state as named tensors, live: what a checkpoint must hold, and all that resuming exactly needs.</summary>
    public abstract IReadOnlyList<StateEntry> State { get; }

    /// <summary>The threads to use; null for the calling one alone. The bits do not depend on it.</summary>
    public virtual WorkerTeam? Workers { get; set; }

    /// <summary>Updates every parameter that has a gradient.</summary>
    /// <param name="objective">What the optimizer needs beyond gradients; null where <see cref="Needs"/> is none.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="InvalidOperationException">A need is not supplied, or evaluation weights are in use.</exception>
    /// <exception cref="ArithmeticException">A gradient is not finite and the policy is to throw.</exception>
    public abstract StepReport Step(Objective<T>? objective = null);

    /// <summary>
    /// Whether a step may be taken parameter by parameter, each as soon as its gradient is whole: no update reads another's gradient, and nothing is
    /// clipped, measured or refused by all gradients together.
    /// </summary>
    public virtual bool UpdatesSeparately => false;

    /// <summary>Begins a step that is taken parameter by parameter: schedules are applied, and the update is counted.</summary>
    /// <exception cref="NotSupportedException">The optimizer does not update separately.</exception>
    /// <exception cref="InvalidOperationException">Evaluation weights are in use.</exception>
    public virtual void BeginUpdates() => throw Together();

    /// <summary>Updates one parameter, which has its gradient; each at most once between <see cref="BeginUpdates"/> and <see cref="EndUpdates"/>, in any order.</summary>
    /// <param name="parameter">Its index in <see cref="Parameters"/>.</param>
    /// <exception cref="NotSupportedException">The optimizer does not update separately.</exception>
    public virtual void Update(int parameter) => throw Together();

    /// <summary>Ends the step. State and parameters are those that <see cref="Step"/> leaves, bit for bit.</summary>
    /// <exception cref="NotSupportedException">The optimizer does not update separately.</exception>
    public virtual StepReport EndUpdates() => throw Together();

    private NotSupportedException Together() => new($"{Name} needs all gradients of a step together; expected Step, or an optimizer that {nameof(UpdatesSeparately)}.");

    /// <summary>Restores state from a checkpoint; a following step is that of an uninterrupted run, bit for bit.</summary>
    /// <exception cref="ArgumentException">A tensor is missing, unknown, or of another type or shape; nothing has changed.</exception>
    public virtual void LoadState(IEnumerable<StateTensor> tensors) => StateLoader.Load(Name, State, tensors);

    /// <summary>Which weights the parameters hold at the moment.</summary>
    public virtual WeightsInUse WeightsInUse => WeightsInUse.Training;

    /// <summary>Puts the weights to evaluate into the parameters until the scope is disposed; a step is refused meanwhile.</summary>
    /// <remarks>Where an optimizer has no such weights nothing changes, so callers need not ask. The training weights come back bit for bit.</remarks>
    /// <exception cref="InvalidOperationException">They are in use already.</exception>
    public virtual EvaluationScope EvaluationWeights() => new(null);
}

/// <summary>The time in which evaluation weights are in use; disposing it brings the training weights back.</summary>
public sealed class EvaluationScope : IDisposable
{
    private Action? _leave;

    /// <summary>A scope that calls <paramref name="leave"/> once when it is disposed.</summary>
    public EvaluationScope(Action? leave) => _leave = leave;

    /// <summary>Brings the training weights back.</summary>
    public void Dispose()
    {
        Action? leave = _leave;
        _leave = null;
        leave?.Invoke();
    }
}
