using System.Numerics;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization;

/// <summary>The parameters that one call of an update method gets: a group, or all where they are coupled.</summary>
internal sealed class StepUnit<T, TOptions>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : class, new()
{
    // Apart from the objects around a parameter: of many small ones those would be fetched from far at each step.
    private readonly IParameter<T>[] _handles;
    private readonly int[] _lengths;
    private readonly long[] _counts;
    private readonly bool[] _found;
    private readonly ParameterState<T, TOptions>[] _active;
    private readonly Dictionary<int, ParameterVector<T>> _vectors = [];
    private int _count;

    public StepUnit(UpdateMethod<T, TOptions> method, TOptions options, ParameterState<T, TOptions>[] parameters, StateBlock<T> shared)
    {
        (Method, Options, Parameters, Shared) = (method, options, parameters, shared);
        (_active, _found, _counts) = (new ParameterState<T, TOptions>[parameters.Length], new bool[parameters.Length], new long[parameters.Length]);
        (_handles, _lengths) = ([.. parameters.Select(p => p.Parameter)], [.. parameters.Select(p => p.Info.Count)]);
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].CountIn(_counts.AsMemory(i, 1));
    }

    public UpdateMethod<T, TOptions> Method { get; }

    public TOptions Options { get; }

    public ParameterState<T, TOptions>[] Parameters { get; }

    public StateBlock<T> Shared { get; }

    public ReadOnlySpan<ParameterState<T, TOptions>> Active => _active.AsSpan(0, _count);

    /// <summary>Whether the step is one of all parameters of the unit, and each of them has counted the same number.</summary>
    public bool IsWhole => _count == _counts.Length && !_counts.AsSpan().ContainsAnyExcept(_counts[0]);

    /// <summary>Whether the parameter at this place of <see cref="Parameters"/> has a gradient.</summary>
    public bool IsActive(int place) => _found[place];

    /// <summary>Finds the parameters that have a gradient. It changes nothing that lasts, so that a bad gradient is refused in time.</summary>
    public void Find()
    {
        _count = 0;
        for (int i = 0; i < _handles.Length; i++)
        {
            _found[i] = _handles[i].TryGetGradient(out Span<T> gradient);
            if (!_found[i])
                continue;
            if (gradient.Length != _lengths[i])
                throw new InvalidOperationException($"The gradient of '{Parameters[i].Info}' has {gradient.Length} elements; expected {_lengths[i]}.");
            if (!ReferenceEquals(_active[_count], Parameters[i]))
                _active[_count] = Parameters[i];
            _count++;
        }
    }

    /// <summary>Finds one parameter alone, of an optimizer that updates separately: nothing there asks for the others.</summary>
    public void FindOnly(ParameterState<T, TOptions> parameter) => (_active[0], _count) = (parameter, 1);

    /// <summary>Counts the step for the parameters that were found.</summary>
    public void Count()
    {
        if (_count == _counts.Length)
        {
            foreach (ref long count in _counts.AsSpan())
                count++;
            return;
        }
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
