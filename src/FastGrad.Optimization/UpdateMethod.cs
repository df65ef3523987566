using System.Numerics;
using FastGrad.Optimization.Parameters;
using FastGrad.Optimization.State;

namespace FastGrad.Optimization;

/// <summary>The mathematics of an optimizer: which state it keeps, and what one step does. The engine does everything else.</summary>
/// <remarks>
/// A method keeps all that lasts from step to step in slots, so that checkpoints hold it; its fields are constants. Most
/// optimizers are elementwise and need no class of their own: see <see cref="Rules.Elementwise{T,TOptions}"/>.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TOptions">The record of options.</typeparam>
public abstract class UpdateMethod<T, TOptions>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOptions : class, new()
{
    /// <summary>Declares the state of one parameter.</summary>
    public abstract void Declare(ParameterInfo parameter, SlotSet slots);

    /// <summary>Declares state shared by the parameters of a step (a group, or all where they are coupled).</summary>
    public virtual void DeclareShared(SlotSet slots)
    {
    }

    /// <summary>Updates the step's parameters in place.</summary>
    /// <remarks>Slots are zero before a parameter's first step; its <see cref="ParameterState{T,TOptions}.StepCount"/> is 1 in it.</remarks>
    public abstract void Step(in StepContext<T, TOptions> step);

    /// <summary>Whether the weights to evaluate and deploy are others than those that training moves.</summary>
    public virtual bool HasEvaluationWeights => false;

    /// <summary>Writes the weights to evaluate. The parameter itself must stay as it is.</summary>
    public virtual void WriteEvaluationWeights(ParameterState<T, TOptions> parameter, Span<T> destination)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.Value.CopyTo(destination);
    }
}
