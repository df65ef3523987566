using System.Numerics;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization;

/// <summary>The parameters that one call of an update method gets: a group, or all where they are coupled.</summary>
internal sealed class StepUnit<T, TOptions>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : class, new()
{
    private readonly ParameterState<T, TOptions>[] _active;
    private readonly Dictionary<int, ParameterVector<T>> _vectors = [];
    private int _count;

    public StepUnit(UpdateMethod<T, TOptions> method, TOptions options, ParameterState<T, TOptions>[] parameters, StateBlock<T> shared)
    {
        (Method, Options, Parameters, Shared) = (method, options, parameters, shared);
        _active = new ParameterState<T, TOptions>[parameters.Length];
    }

    public UpdateMethod<T, TOptions> Method { get; }

    public TOptions Options { get; }

    public ParameterState<T, TOptions>[] Parameters { get; }

    public StateBlock<T> Shared { get; }

    /// <summary>The array behind <see cref="Active"/>, for jobs that no span can enter.</summary>
    public ParameterState<T, TOptions>[] ActiveArray => _active;

    public ReadOnlySpan<ParameterState<T, TOptions>> Active => _active.AsSpan(0, _count);

    /// <summary>Finds the parameters that have a gradient. It changes nothing that lasts, so that a bad gradient is refused in time.</summary>
    public void Find()
    {
        _count = 0;
        foreach (ParameterState<T, TOptions> parameter in Parameters)
        {
            parameter.IsActive = parameter.Parameter.TryGetGradient(out Span<T> gradient);
            if (!parameter.IsActive)
                continue;
            if (gradient.Length != parameter.Info.Count)
                throw new InvalidOperationException($"The gradient of '{parameter.Info}' has {gradient.Length} elements; expected {parameter.Info.Count}.");
            _active[_count++] = parameter;
        }
    }

    /// <summary>Finds one parameter alone.</summary>
    public void FindOnly(ParameterState<T, TOptions> parameter)
    {
        (_active[0], _count) = (parameter, 1);
        parameter.IsActive = true;
    }

    /// <summary>Counts the step for the parameters that were found.</summary>
    public void Count()
    {
        foreach (ParameterState<T, TOptions> parameter in Active)
            parameter.StepCount++;
    }

    public ParameterVector<T> Vector(int slot)
    {
        if (!_vectors.TryGetValue(slot, out ParameterVector<T>? vector))
            _vectors[slot] = vector = index => Parameters[index].Slots[slot];
        return vector;
    }
}
