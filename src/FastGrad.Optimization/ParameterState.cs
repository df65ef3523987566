using System.Numerics;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization;

/// <summary>One parameter as an update method sees it: memory, gradient, state, its group's options, its count of updates.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TOptions">The record of options.</typeparam>
public sealed class ParameterState<T, TOptions>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : class, new()
{
    private Memory<long> _count = new long[1];

    internal ParameterState(IParameter<T> parameter, int index, TOptions options, int optionSet, StateBlock<T> slots) =>
        (Parameter, Info, Index, Options, OptionSet, Slots) = (parameter, parameter.Info, index, options, optionSet, slots);

    /// <summary>The parameter's index in the optimizer.</summary>
    public int Index { get; }

    /// <summary>Name, shape and role.</summary>
    public ParameterInfo Info { get; }

    /// <summary>The current hyperparameters: schedules applied, decay zero where the role is exempt. To be read, never written.</summary>
    public TOptions Options { get; }

    /// <summary>The state, by index of declaration.</summary>
    public StateBlock<T> Slots { get; }

    /// <summary>The updates of this parameter: during a step the number of that step, from 1.</summary>
    public long StepCount
    {
        get => _count.Span[0];
        internal set => _count.Span[0] = value;
    }

    /// <summary>The values, to be changed in place.</summary>
    public Span<T> Value => Parameter.Value;

    /// <summary>The gradient, after clipping. After <see cref="StepContext{T,TOptions}.Reevaluate"/> the new one.</summary>
    /// <exception cref="InvalidOperationException">The parameter has none.</exception>
    public ReadOnlySpan<T> Gradient => Parameter.TryGetGradient(out Span<T> gradient)
        ? gradient
        : throw new InvalidOperationException($"Parameter '{Info}' has no gradient.");

    internal IParameter<T> Parameter { get; }

    /// <summary>The number of <see cref="Options"/> among those of the step: each group has two, with its decay and without.</summary>
    internal int OptionSet { get; }

    /// <summary>Moves the count to where those of the other parameters of a step lie.</summary>
    internal void CountIn(Memory<long> count) => _count = count;

    internal IEnumerable<StateEntry> Entries() =>
        Slots.Entries().Append(StateEntry.Of(Info.Name, "step", [], _count));
}
