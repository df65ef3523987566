using System.Collections.Immutable;
using System.Numerics;
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
    /// <exception cref="ArgumentException">The rule reads another number of slots.</exception>
    public static UpdateMethod<T, TOptions> Method<TRule>(ImmutableArray<string> slots, Func<TOptions, long, TRule> rule)
        where TRule : struct, IUpdateRule<T> => new ElementwiseMethod<T, TOptions, TRule>(slots, rule);
}

internal sealed class ElementwiseMethod<T, TOptions, TRule> : UpdateMethod<T, TOptions>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : class, new()
    where TRule : struct, IUpdateRule<T>
{
    private readonly ImmutableArray<string> _slots;
    private readonly Func<TOptions, long, TRule> _rule;

    public ElementwiseMethod(ImmutableArray<string> slots, Func<TOptions, long, TRule> rule)
    {
        if (slots.Length != TRule.SlotCount)
            throw new ArgumentException($"The rule reads {TRule.SlotCount} slots; got {slots.Length} names: {string.Join(", ", slots)}.", nameof(slots));
        (_slots, _rule) = (slots, rule);
    }

    public override void Declare(ParameterInfo parameter, SlotSet slots)
    {
        foreach (string slot in _slots)
            slots.Like(slot);
    }

    public override void Step(in StepContext<T, TOptions> step)
    {
        // Parameters nearly always share options and step number: one rule, with its powers and roots, then serves them all.
        TRule rule = default;
        TOptions? options = null;
        long count = 0;
        foreach (ParameterState<T, TOptions> parameter in step.Parameters)
        {
            if (!ReferenceEquals(parameter.Options, options) || parameter.StepCount != count)
                rule = _rule(options = parameter.Options, count = parameter.StepCount);
            step.Apply(rule, parameter);
        }
    }
}
