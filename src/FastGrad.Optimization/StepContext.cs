using System.Numerics;
using FastGrad.Kernels.Workers;
using FastGrad.Optimization.Rules;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization;

/// <summary>What an update method sees of one step: the parameters that have a gradient, shared state, the objective.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TOptions">The record of options.</typeparam>
public readonly ref struct StepContext<T, TOptions>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : class, new()
{
    private readonly StepUnit<T, TOptions> _unit;
    private readonly Objective<T>? _objective;

    internal StepContext(StepUnit<T, TOptions> unit, Objective<T>? objective, WorkerTeam? workers, long number) =>
        (_unit, _objective, Workers, Number) = (unit, objective, workers, number);

    /// <summary>The parameters to update, in the order in which the optimizer was given them; those without a gradient are left out.</summary>
    /// <remarks>Their <see cref="ParameterState{T,TOptions}.Options"/> may differ from one another where the coupling is <see cref="Coupling.All"/> or a role is exempt from decay.</remarks>
    public ReadOnlySpan<ParameterState<T, TOptions>> Parameters => _unit.Active;

    /// <summary>The options of the group; with <see cref="Coupling.All"/>, of the first group.</summary>
    public TOptions Options => _unit.Options;

    /// <summary>The state that the method declared as shared by these parameters.</summary>
    public StateBlock<T> Shared => _unit.Shared;

    /// <summary>The number of this update of the optimizer, from 1. A parameter's own count is in <see cref="ParameterState{T,TOptions}.StepCount"/>.</summary>
    public long Number { get; }

    /// <summary>The team that loops and matrix products may use; null for the calling thread alone.</summary>
    public WorkerTeam? Workers { get; }

    /// <summary>The loss that belongs to the gradients at the beginning of the step. The definition must declare <see cref="OptimizerNeeds.Loss"/>.</summary>
    public double Loss => (_objective?.Loss ?? throw Undeclared(OptimizerNeeds.Loss))();

    /// <summary>Loss and gradients at the current values. The definition must declare <see cref="OptimizerNeeds.Reevaluate"/>.</summary>
    public double Reevaluate() => (_objective?.Reevaluate ?? throw Undeclared(OptimizerNeeds.Reevaluate))();

    /// <summary>
    /// Writes H·v for v in one slot of every parameter into another. The definition must declare <see cref="OptimizerNeeds.HessianVector"/>.
    /// </summary>
    /// <remarks>
    /// It speaks of all parameters, so the coupling must be <see cref="Coupling.All"/>, and every parameter has both slots. Parameters without
    /// a gradient stand still: their part of v is set to zero.
    /// </remarks>
    /// <param name="directionSlot">The slot that holds v, of the parameter's shape; working memory.</param>
    /// <param name="productSlot">The slot that receives H·v, of the parameter's shape.</param>
    public void HessianVector(int directionSlot, int productSlot)
    {
        HessianVectorProduct<T> product = _objective?.HessianVector ?? throw Undeclared(OptimizerNeeds.HessianVector);
        for (int i = 0; i < _unit.Parameters.Length; i++)
        {
            if (!_unit.IsActive(i))
                _unit.Parameters[i].Slots[directionSlot].Clear();
        }
        product(_unit.Vector(directionSlot), _unit.Vector(productSlot));
    }

    /// <summary>Runs an elementwise rule over a parameter: θ is replaced by the rule's result, and slots are updated in place.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="parameter">The parameter, with its gradient.</param>
    /// <param name="firstSlot">The slot that is the rule's first; the rule's slots follow each other and have the parameter's shape.</param>
    public void Apply<TRule>(TRule rule, ParameterState<T, TOptions> parameter, int firstSlot = 0)
        where TRule : struct, IUpdateRule<T>
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Apply(rule, parameter, parameter.Gradient, firstSlot);
    }

    /// <summary>Runs an elementwise rule over a parameter, with another vector in the gradient's place.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="update">What the rule gets as its incoming update; of the parameter's length.</param>
    /// <param name="firstSlot">The slot that is the rule's first.</param>
    /// <exception cref="ArgumentException"><paramref name="update"/> has another length, or the slots are not as the rule needs them.</exception>
    public void Apply<TRule>(TRule rule, ParameterState<T, TOptions> parameter, ReadOnlySpan<T> update, int firstSlot = 0)
        where TRule : struct, IUpdateRule<T>
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Span<T> value = parameter.Value;
        if (update.Length != value.Length)
            throw new ArgumentException($"The update of '{parameter.Info}' has {update.Length} elements; expected {value.Length}.", nameof(update));
        ref T slots = ref parameter.Slots.Cursor(firstSlot, TRule.SlotCount, value.Length, out nuint distance);
        RuleDriver.Apply(in rule, value, update, ref slots, distance, Workers);
    }

    /// <summary>Runs a rule without slots over working memory: each element of <paramref name="target"/> becomes the rule's result.</summary>
    /// <param name="rule">The rule; it gets the target's element as the parameter.</param>
    /// <param name="target">What is replaced.</param>
    /// <param name="update">What the rule gets as its incoming update; of the target's length. It may be the target itself.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the rule reads slots.</exception>
    public void Apply<TRule>(TRule rule, Span<T> target, ReadOnlySpan<T> update)
        where TRule : struct, IUpdateRule<T> => SpanRules.Apply(rule, target, update, Workers);

    /// <summary>Runs a measure over a parameter: the first phase of a two-phase rule.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="parameter">The parameter, with its gradient.</param>
    /// <param name="sums">The results, one for each of the measure's sums.</param>
    /// <param name="firstSlot">The slot that is the measure's first.</param>
    public void Measure<TMeasure>(TMeasure measure, ParameterState<T, TOptions> parameter, Span<double> sums, int firstSlot = 0)
        where TMeasure : struct, IMeasure<T>
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Span<T> value = parameter.Value;
        ref T slots = ref parameter.Slots.Cursor(firstSlot, TMeasure.SlotCount, value.Length, out nuint distance);
        Measurement.Run(measure, parameter.Gradient, value, ref slots, distance, sums);
    }

    /// <summary>All parameters of the unit, whether they are stepped or not.</summary>
    internal ReadOnlySpan<ParameterState<T, TOptions>> Members => _unit.Parameters;

    /// <summary>Whether <see cref="Parameters"/> are all of the unit, and each of them has counted the same number.</summary>
    internal bool IsWhole => _unit.IsWhole;

    private static InvalidOperationException Undeclared(OptimizerNeeds need) =>
        new($"The update method uses {need}, which its definition does not declare as a need.");
}
