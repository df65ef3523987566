using System.Numerics;
using System.Runtime.InteropServices;
using FastGrad.Kernels.Workers;

namespace FastGrad.Optimization.Rules;

/// <summary>Rules over plain memory, for wrappers and working memory.</summary>
public static class SpanRules
{
    /// <summary>Runs a rule without slots: each element of <paramref name="target"/> becomes the rule's result.</summary>
    /// <param name="rule">The rule; it gets the target's element as the parameter.</param>
    /// <param name="target">What is replaced.</param>
    /// <param name="update">What the rule gets as its incoming update; of the target's length. It may be the target itself.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the rule reads slots.</exception>
    public static void Apply<TRule, T>(TRule rule, Span<T> target, ReadOnlySpan<T> update, WorkerTeam? workers = null)
        where TRule : struct, IUpdateRule<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TRule.SlotCount > 0)
            throw new ArgumentException($"The rule reads {TRule.SlotCount} slots; plain memory has none.", nameof(rule));
        if (update.Length != target.Length)
            throw new ArgumentException($"The update has {update.Length} elements; expected {target.Length}.", nameof(update));
        RuleDriver.Apply(in rule, target, update, ref MemoryMarshal.GetReference(target), 0, workers);
    }
}
