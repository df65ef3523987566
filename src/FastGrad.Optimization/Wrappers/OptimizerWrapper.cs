using System.Numerics;
using FastGrad.Kernels.Workers;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization.Wrappers;

/// <summary>An optimizer around another one: it hands everything on, and may keep named state of its own.</summary>
/// <remarks>
/// What changes gradients overrides <see cref="BeforeStep"/>, what follows the weights <see cref="AfterUpdate"/>; only what makes another number of
/// inner steps, or another report, overrides <see cref="Step"/>.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="name">The wrapper's name.</param>
/// <param name="inner">The optimizer inside.</param>
public abstract class OptimizerWrapper<T>(string name, Optimizer<T> inner) : Optimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<StateEntry> _own = [];
    private StateEntry[]? _state;
    private T[][]? _training;
    private bool _evaluating;

    /// <summary>The optimizer inside.</summary>
    protected Optimizer<T> Inner { get; } = inner;

    /// <summary>The wrapper's name with the inner one's in parentheses.</summary>
    public override string Name => $"{name}({Inner.Name})";

    /// <inheritdoc/>
    public override string Core => Inner.Core;

    /// <inheritdoc/>
    public override OptimizerNeeds Needs => Inner.Needs;

    /// <inheritdoc/>
    public override IReadOnlyList<IParameter<T>> Parameters => Inner.Parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<OptimizerGroup> Groups => Inner.Groups;

    /// <inheritdoc/>
    public override long Updates => Inner.Updates;

    /// <inheritdoc/>
    public override IReadOnlyList<StateEntry> State => _state ??= [.. Inner.State, .. _own];

    /// <inheritdoc/>
    public override WorkerTeam? Workers
    {
        get => Inner.Workers;
        set => Inner.Workers = value;
    }

    /// <summary><see cref="BeforeStep"/>, the inner step, and where that was applied <see cref="AfterUpdate"/>.</summary>
    /// <inheritdoc/>
    public override StepReport Step(Objective<T>? objective = null)
    {
        RequireTrainingWeights();
        BeforeStep();
        StepReport report = Inner.Step(objective);
        if (report.Applied)
            AfterUpdate();
        return report;
    }

    /// <summary>What is done before the inner step: gradients may be changed in place.</summary>
    protected virtual void BeforeStep()
    {
    }

    /// <summary>What is done after an inner step that was applied; <see cref="Updates"/> counts it.</summary>
    protected virtual void AfterUpdate()
    {
    }

    /// <inheritdoc/>
    public override WeightsInUse WeightsInUse => _evaluating ? WeightsInUse.Evaluation : Inner.WeightsInUse;

    /// <inheritdoc/>
    public override EvaluationScope EvaluationWeights() => Inner.EvaluationWeights();

    /// <inheritdoc/>
    public override void LoadState(IEnumerable<StateTensor> tensors)
    {
        if (WeightsInUse != WeightsInUse.Training)
            throw new InvalidOperationException($"{Name}: a load while evaluation weights are in use; dispose their scope first.");
        base.LoadState(tensors);
    }

    /// <summary>Declares state: one array for each parameter, of its length, in checkpoints under the wrapper's name.</summary>
    /// <exception cref="ArgumentException">The same wrapper is inside already.</exception>
    protected T[][] Remember(string slot)
    {
        T[][] arrays = [.. Parameters.Select(p => new T[p.Info.Count])];
        for (int p = 0; p < arrays.Length; p++)
            Add(StateEntry.Of(Parameters[p].Info.Name, $"{name}_{slot}", Parameters[p].Info.Shape, arrays[p].AsMemory()));
        return arrays;
    }

    /// <summary>Declares one integer of state.</summary>
    /// <exception cref="ArgumentException">The same wrapper is inside already.</exception>
    protected long[] Count(string slot)
    {
        long[] count = [0];
        Add(StateEntry.Of($"@{name}", slot, [], count.AsMemory()));
        return count;
    }

    /// <summary>Refuses a step while evaluation weights are in use.</summary>
    /// <exception cref="InvalidOperationException">They are.</exception>
    protected void RequireTrainingWeights()
    {
        if (_evaluating)
            throw new InvalidOperationException($"{Name}: a step while evaluation weights are in use; dispose their scope first.");
    }

    /// <summary>Puts weights into the parameters until the scope is disposed; the training weights come back bit for bit.</summary>
    /// <exception cref="InvalidOperationException">Evaluation weights are in use already.</exception>
    protected EvaluationScope Swap(T[][] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (WeightsInUse != WeightsInUse.Training)
            throw new InvalidOperationException($"{Name}: evaluation weights are in use already.");
        _training ??= [.. Parameters.Select(p => new T[p.Info.Count])];
        for (int p = 0; p < weights.Length; p++)
        {
            Parameters[p].Value.CopyTo(_training[p]);
            weights[p].CopyTo(Parameters[p].Value);
        }
        _evaluating = true;
        return new(() =>
        {
            for (int p = 0; p < _training.Length; p++)
                _training[p].CopyTo(Parameters[p].Value);
            _evaluating = false;
        });
    }

    private void Add(StateEntry entry)
    {
        if (Inner.State.Concat(_own).Any(e => e.Name == entry.Name))
            throw new ArgumentException($"'{Inner.Name}' holds state '{entry.Name}' already; expected the wrapper '{name}' once.", nameof(entry));
        _own.Add(entry);
    }
}
