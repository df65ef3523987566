using System.Numerics;

namespace FastGrad.Autograd.Primitives;

/// <summary>One recorded operation in a backward pass: its output's gradient, and where its inputs' gradients go.</summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly ref struct BackwardContext<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Node<T> _node;

    internal BackwardContext(Node<T> node, Tensor<T> outputGradient)
    {
        _node = node;
        OutputGradient = outputGradient;
    }

    /// <summary>The gradient with respect to the output: contiguous, read-only, maybe shared.</summary>
    public Tensor<T> OutputGradient { get; }

    /// <summary>The values that the derivative reads.</summary>
    public Linearization<T> Linearization => new(_node);

    /// <summary>The number of inputs.</summary>
    public int InputCount => _node.InputCount;

    /// <summary>Whether the gradient of this input is wanted.</summary>
    public bool Needs(int input) => _node.Edge(input) is not null;

    /// <summary>Where to put this input's gradient: contiguous, in the input's shape.</summary>
    /// <param name="input">The input; it must be one that <see cref="Needs"/> a gradient.</param>
    /// <param name="accumulate">Whether an earlier contribution is there, to add to; else write.</param>
    public Tensor<T> Gradient(int input, out bool accumulate)
    {
        if (_node.Edge(input) is LeafNode<T> leaf)
            return leaf.Tensor!.GradientTarget(out accumulate);
        var edge = (Node<T>)_node.Edge(input)!;
        if (edge.Gradient is null)
        {
            accumulate = false;
            edge.Gradient = Tensor.Uninitialized<T>(edge.OutputShape);
        }
        else
        {
            accumulate = true;
            if (edge.GradientIsShared)
                edge.Gradient = edge.Gradient.Clone();
        }
        edge.GradientIsShared = false;
        return edge.Gradient;
    }

    /// <summary>Gives a whole tensor as this input's gradient, or adds it; it must not be changed afterwards.</summary>
    public void Contribute(int input, Tensor<T> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        if (gradient.Shape != _node.InputShape(input))
            throw new ArgumentException($"The gradient of input {input} of '{_node.Primitive.Name}' has shape {gradient.Shape}; expected {_node.InputShape(input)}.", nameof(gradient));
        if (_node.Edge(input) is Node<T> { Gradient: null } edge)
        {
            edge.Gradient = gradient.Contiguous();
            edge.GradientIsShared = true;
            return;
        }
        Tensor<T> target = Gradient(input, out bool accumulate);
        if (accumulate)
            Kernels.Elementwise.Binary.Apply(default(Kernels.Elementwise.Operators.Add<T>), target.Dense(), gradient.Contiguous().Dense(), target.Dense());
        else
            gradient.CopyTo(target.Dense());
    }
}
