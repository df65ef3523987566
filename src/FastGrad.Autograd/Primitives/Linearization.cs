using System.Numerics;

namespace FastGrad.Autograd.Primitives;

/// <summary>The point at which a primitive is linearized: the values that its derivatives read.</summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly ref struct Linearization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Node<T>? _node;
    private readonly ReadOnlySpan<Tensor<T>> _inputs;
    private readonly Tensor<T>? _output;

    internal Linearization(Node<T> node) => _node = node;

    internal Linearization(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        _inputs = inputs;
        _output = output;
    }

    /// <summary>The output, for primitives that name <see cref="Kernels.Elementwise.Residual.Output"/>.</summary>
    public Tensor<T> Output => _node is null ? _output! : _node.SavedOutput();

    /// <summary>What the kernel left beside the output, for fused backward kernels of primitives that name <see cref="Primitive{T}.Auxiliary"/>.</summary>
    public Tensor<T> Auxiliary => _node is null ? throw new InvalidOperationException("Only a fused backward pass reads what a kernel left beside its output.") : _node.Auxiliary;

    /// <summary>The number of inputs.</summary>
    public int InputCount => _node is null ? _inputs.Length : _node.InputCount;

    /// <summary>The output's shape.</summary>
    public Shape OutputShape => _node is null ? _output!.Shape : _node.OutputShape;

    /// <summary>An input that the primitive's residual names.</summary>
    public Tensor<T> Input(int index) => _node is null ? _inputs[index] : _node.SavedInput(index);

    /// <summary>The shape of any input.</summary>
    public Shape InputShape(int index) => _node is null ? _inputs[index].Shape : _node.InputShape(index);
}
