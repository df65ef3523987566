using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>The functions that see a tensor's gradient, in the order in which they came.</summary>
internal sealed class GradientHooks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Func<Tensor<T>, Tensor<T>?>> _functions = [];

    public bool Any => _functions.Count > 0;

    public GradientHook Add(Func<Tensor<T>, Tensor<T>?> function)
    {
        _functions.Add(function);
        return new(() => _functions.Remove(function));
    }

    /// <summary>The gradient after all of them.</summary>
    public Tensor<T> Run(Tensor<T> gradient)
    {
        foreach (Func<Tensor<T>, Tensor<T>?> function in _functions.ToArray())
        {
            Tensor<T> after = function(gradient) ?? gradient;
            gradient = after.Shape == gradient.Shape
                ? after
                : throw new InvalidOperationException($"A gradient hook gave shape {after.Shape}; expected {gradient.Shape}, as the gradient it got, or null to leave it.");
        }
        return gradient;
    }
}
