using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Modules;

namespace FastGrad.Training;

/// <summary>
/// What decides the way through a model beside the shapes: which modules train, which parameters learn, and which have a gradient to add to. States that were
/// seen have numbers.
/// </summary>
/// <remarks>Counts would not do: one layer may be frozen while another is taken in again. Nor would the model's own mode: a part of it may be in another.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed class ModelStates<T>(Module<T> model, Tensor<T>[] parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Module<T>[] _modules = [.. model.WithAllBelow()];
    private readonly List<byte[]> _seen = [];

    /// <summary>How many states have numbers: the next one's.</summary>
    public int Count => _seen.Count;

    /// <summary>The number of the state that the model is in; <see cref="Count"/> if it has none.</summary>
    /// <param name="adds">Whether gradients that are there are added to.</param>
    public int Find(bool adds)
    {
        for (int number = 0; number < _seen.Count; number++)
        {
            if (IsIn(_seen[number], adds))
                return number;
        }
        return _seen.Count;
    }

    /// <summary>Gives the state that the model is in the next number.</summary>
    // A method of its own: what lambdas capture would be made in each step.
    public void Remember(bool adds) => _seen.Add([.. _modules.Select(State), .. parameters.Select(p => State(p, adds))]);

    private bool IsIn(byte[] state, bool adds)
    {
        for (int i = 0; i < _modules.Length; i++)
        {
            if (state[i] != State(_modules[i]))
                return false;
        }
        for (int i = 0; i < parameters.Length; i++)
        {
            if (state[_modules.Length + i] != State(parameters[i], adds))
                return false;
        }
        return true;
    }

    private static byte State(Module<T> module) => (byte)(module.IsTraining ? 1 : 0);

    private static byte State(Tensor<T> parameter, bool adds) => (byte)((parameter.RequiresGrad ? 1 : 0) | (adds && parameter.Grad is not null ? 2 : 0));
}
