using FastGrad.Autograd;

namespace FastGrad.Modules;

// A module as a function of its parameters: what transforms differentiate.
public abstract partial class Module<T>
{
    /// <summary>Calls a function while other tensors stand in the place of the parameters, which come back when it ends.</summary>
    /// <remarks>
    /// <para>
    /// With it a model is a function of its parameters, for <see cref="Transforms"/>:
    /// <c>Transforms.Hvp(theta => model.WithParameters([theta], () => loss.Forward(model.Invoke(x), y)), weight, v)</c>.
    /// The parameters need no values of their own.
    /// </para>
    /// <para>Not for several threads at once on one module, nor for a checkpointed segment that is computed again after the call.</para>
    /// </remarks>
    /// <param name="parameters">One tensor for each of <see cref="NamedParameters"/>, in their order and shapes.</param>
    /// <param name="function">What to call; usually <see cref="Invoke"/> and a loss.</param>
    /// <returns>What the function returns.</returns>
    /// <exception cref="ArgumentException">The number or a shape of the tensors differs from the parameters'.</exception>
    public TResult WithParameters<TResult>(IReadOnlyList<Tensor<T>> parameters, Func<TResult> function)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(function);
        IReadOnlyList<NamedParameter<T>> own = NamedParameters();
        if (parameters.Count != own.Count)
            throw new ArgumentException($"{parameters.Count} tensors for a {GetType().Name} of {own.Count} parameters; expected one each: {string.Join(", ", own.Select(p => p.Name))}.", nameof(parameters));
        for (int i = 0; i < own.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(parameters[i]);
            if (parameters[i].Shape != own[i].Parameter.Shape)
                throw new ArgumentException($"Parameter '{own[i].Name}' got a tensor of shape {parameters[i].Shape}; expected {own[i].Parameter.Shape}.", nameof(parameters));
        }
        var kept = new Tensor<T>?[own.Count];
        for (int i = 0; i < kept.Length; i++)
            kept[i] = own[i].Parameter.Exchange(parameters[i]);
        try
        {
            return function();
        }
        finally
        {
            for (int i = 0; i < kept.Length; i++)
                own[i].Parameter.Exchange(kept[i]);
        }
    }
}
