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
    private readonly ImmutableArray<string> _slots;
    private readonly Func<TOptions, long, TRule> _rule;

    private readonly int _evaluationSlot;

    // Working memory: where each parameter of a step ends when they are laid end to end.
    private long[] _ends = [];

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
        ReadOnlySpan<ParameterState<T, TOptions>> parameters = step.Parameters;
        if (step.Workers is { Size: > 1 } workers && parameters.Length > 1 && AreAlike(parameters))
        {
            TogetherOn(workers, step);
            return;
        }
        // Parameters nearly always share options and step number: one rule, with its powers and roots, then serves them all.
        TRule rule = default;
        TOptions? options = null;
        long count = 0;
        foreach (ParameterState<T, TOptions> parameter in parameters)
        {
            if (!ReferenceEquals(parameter.Options, options) || parameter.StepCount != count)
                rule = _rule(options = parameter.Options, count = parameter.StepCount);
            step.Apply(rule, parameter);
        }
    }

    private static bool AreAlike(ReadOnlySpan<ParameterState<T, TOptions>> parameters)
    {
        foreach (ParameterState<T, TOptions> parameter in parameters[1..])
        {
            if (!ReferenceEquals(parameter.Options, parameters[0].Options) || parameter.StepCount != parameters[0].StepCount)
                return false;
        }
        return true;
    }

    /// <summary>Shares all parameters out as if they were one: many small ones alone would each be too short for a hand-over.</summary>
    private void TogetherOn(WorkerTeam workers, in StepContext<T, TOptions> step)
    {
        ReadOnlySpan<ParameterState<T, TOptions>> parameters = step.Parameters;
        if (_ends.Length < parameters.Length)
            _ends = new long[parameters.Length];
        long end = 0;
        for (int p = 0; p < parameters.Length; p++)
            _ends[p] = end += parameters[p].Info.Count;
        TRule rule = _rule(parameters[0].Options, parameters[0].StepCount);
        Job job = new(rule, step.ParameterArray, _ends, parameters.Length);
        int parts = (int)Math.Min(int.MaxValue, (end + RuleDriver.Block - 1) / RuleDriver.Block);
        if (parts < 2)
        {
            for (int part = 0; part < parts; part++)
                job.Execute(part);
            return;
        }
        workers.Run(parts, ref job);
    }

    /// <summary>A part is <see cref="RuleDriver.Block"/> elements of the parameters laid end to end; every element is computed alone, so no cut changes a bit.</summary>
    private readonly struct Job(TRule rule, ParameterState<T, TOptions>[] parameters, long[] ends, int count) : IWorkerJob
    {
        public void Execute(int part)
        {
            long start = (long)part * RuleDriver.Block, stop = Math.Min(start + RuleDriver.Block, ends[count - 1]);
            int p = Array.BinarySearch(ends, 0, count, start);
            p = p < 0 ? ~p : p + 1;
            while (start < stop)
            {
                ParameterState<T, TOptions> parameter = parameters[p];
                long first = ends[p] - parameter.Info.Count, to = Math.Min(stop, ends[p]);
                if (to > start)
                    RuleDriver.ApplyPart(rule, parameter, (int)(start - first), (int)(to - first));
                start = to;
                p++;
            }
        }
    }
}
