using System.Collections.Immutable;
using System.Numerics;
using FastGrad.Kernels.Workers;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization.Rules;

/// <summary>Update methods made of elementwise rules.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TOptions">The record of options.</typeparam>
public static class Elementwise<T, TOptions>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : class, new()
{
    /// <summary>A method that runs one rule over every parameter.</summary>
    /// <param name="slots">The names of the rule's slots, each of the parameter's shape, such as <c>exp_avg</c>.</param>
    /// <param name="rule">Makes the rule of a step from the current options and the parameter's step number, counted from 1.</param>
    /// <param name="evaluationSlot">The slot that holds the weights to evaluate, such as an average; null where they are the parameters.</param>
    /// <exception cref="ArgumentException">The rule reads another number of slots, or <paramref name="evaluationSlot"/> is none of them.</exception>
    public static UpdateMethod<T, TOptions> Method<TRule>(
        ImmutableArray<string> slots, Func<TOptions, long, TRule> rule, string? evaluationSlot = null)
        where TRule : struct, IUpdateRule<T> => new ElementwiseMethod<T, TOptions, TRule>(slots, rule, evaluationSlot);
}

internal sealed class ElementwiseMethod<T, TOptions, TRule> : UpdateMethod<T, TOptions>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : class, new()
    where TRule : struct, IUpdateRule<T>
{
    private const int NoSet = int.MaxValue;

    private readonly ImmutableArray<string> _slots;
    private readonly Func<TOptions, long, TRule> _rule;

    private readonly int _evaluationSlot;

    // Working memory: the parameters of a step of all, and of one of some.
    private (ParameterState<T, TOptions> First, Segments<T> Segments)[] _whole = [];
    private ParameterState<T, TOptions>? _owner;
    private readonly Segments<T> _some = new();

    public ElementwiseMethod(ImmutableArray<string> slots, Func<TOptions, long, TRule> rule, string? evaluationSlot)
    {
        if (slots.Length != TRule.SlotCount)
            throw new ArgumentException($"The rule reads {TRule.SlotCount} slots; got {slots.Length} names: {string.Join(", ", slots)}.", nameof(slots));
        _evaluationSlot = evaluationSlot is null ? -1 : slots.IndexOf(evaluationSlot);
        if (evaluationSlot is not null && _evaluationSlot < 0)
            throw new ArgumentException($"'{evaluationSlot}' is no slot of the rule; expected one of {string.Join(", ", slots)}.", nameof(evaluationSlot));
        (_slots, _rule) = (slots, rule);
    }

    public override bool HasEvaluationWeights => _evaluationSlot >= 0;

    public override void WriteEvaluationWeights(ParameterState<T, TOptions> parameter, Span<T> destination)
    {
        // Before its first step a parameter's slots are still zero.
        ReadOnlySpan<T> weights = parameter.StepCount == 0 ? parameter.Value : parameter.Slots[_evaluationSlot];
        weights.CopyTo(destination);
    }

    public override void Declare(ParameterInfo parameter, SlotSet slots)
    {
        foreach (string slot in _slots)
            slots.Like(slot);
    }

    public override void Step(in StepContext<T, TOptions> step)
    {
        if (!step.IsWhole)
        {
            for (int set = 0; set != NoSet;)
                set = Walk(step, set);
            return;
        }
        // Nearly every step is one of all parameters, with one count: its table lasts.
        if (_whole.Length == 0 || _owner != step.Members[0])
            (_whole, _owner) = (Lay(step.Members), step.Members[0]);
        foreach ((ParameterState<T, TOptions> first, Segments<T> segments) in _whole)
            Apply(segments, first, step.Workers);
    }

    // A group has two sets of options, with its decay and without; what shares one is walked together, wherever it stands.
    private static (ParameterState<T, TOptions> First, Segments<T> Segments)[] Lay(ReadOnlySpan<ParameterState<T, TOptions>> parameters)
    {
        SortedDictionary<int, (ParameterState<T, TOptions> First, Segments<T> Segments)> sets = [];
        foreach (ParameterState<T, TOptions> parameter in parameters)
        {
            if (!sets.TryGetValue(parameter.OptionSet, out (ParameterState<T, TOptions> First, Segments<T> Segments) set))
                sets.Add(parameter.OptionSet, set = (parameter, new()));
            set.Segments.Add(Segment(parameter));
        }
        return [.. sets.Values];
    }

    /// <summary>Steps the active parameters of one set of options; tells which set comes next.</summary>
    private int Walk(in StepContext<T, TOptions> step, int set)
    {
        int next = NoSet;
        ParameterState<T, TOptions>? latest = null;
        _some.Clear();
        foreach (ParameterState<T, TOptions> parameter in step.Parameters)
        {
            if (parameter.OptionSet != set)
            {
                next = parameter.OptionSet > set ? Math.Min(next, parameter.OptionSet) : next;
                continue;
            }
            if (latest is not null && latest.StepCount != parameter.StepCount)
            {
                Apply(_some, latest, step.Workers);
                _some.Clear();
            }
            latest = parameter;
            _some.Add(Segment(parameter));
        }
        if (latest is not null)
            Apply(_some, latest, step.Workers);
        return next;
    }

    // One rule, with its powers and roots, serves all that share options and count.
    private void Apply(Segments<T> segments, ParameterState<T, TOptions> first, WorkerTeam? workers)
    {
        TRule rule = _rule(first.Options, first.StepCount);
        segments.Apply(in rule, workers);
    }

    private static Segment<T> Segment(ParameterState<T, TOptions> parameter) => parameter.Slots.Segment(parameter.Parameter, TRule.SlotCount);
}
