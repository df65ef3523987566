using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Optimization.Parameters;

namespace FastGrad.Modules;

/// <summary>A parameter under its name in a tree of modules, such as <c>0.weight</c>; what optimizers and checkpoints see.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class NamedParameter<T> : IParameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal NamedParameter(string name, Parameter<T> parameter)
    {
        Parameter = parameter;
        Info = new(name, parameter.Shape.Axes, parameter.Role);
    }

    /// <inheritdoc/>
    public ParameterInfo Info { get; }

    /// <summary>The name, from the root of the tree.</summary>
    public string Name => Info.Name;

    /// <summary>The parameter.</summary>
    public Parameter<T> Parameter { get; }

    /// <summary>The values: a leaf that requires a gradient.</summary>
    /// <exception cref="InvalidOperationException">There are none yet.</exception>
    public Tensor<T> Tensor => Parameter.Tensor;

    // A change through it counts as one in place: a backward pass that would read the old values throws.
    Span<T> IParameter<T>.Value => Tensor.AsSpan();

    bool IParameter<T>.TryGetGradient(out Span<T> gradient)
    {
        Tensor<T>? tensor = Tensor.Grad;
        gradient = tensor is null ? default : tensor.AsSpan();
        return tensor is not null;
    }

    /// <summary>Name, shape and role.</summary>
    public override string ToString() => Info.ToString();
}
