using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>The axes in another order: a view.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Permute<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _axes;

    /// <summary>Output axis i is input axis <paramref name="axes"/>[i]; each axis once.</summary>
    /// <exception cref="ArgumentException">The axes are no permutation.</exception>
    public Permute(params ReadOnlySpan<int> axes)
    {
        _axes = axes.ToArray();
        for (int i = 0; i < _axes.Length; i++)
        {
            if (!_axes.Contains(i))
                throw new ArgumentException($"[{string.Join(", ", _axes)}] is not a permutation of the axes 0 to {_axes.Length - 1}.", nameof(axes));
        }
    }

    /// <inheritdoc/>
    public override string Name => "permute";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape shape = inputs[0].Shape;
        if (shape.Rank != _axes.Length)
            throw new ArgumentException($"A permutation of {_axes.Length} axes for a tensor of shape {shape}; expected {shape.Rank}.", nameof(inputs));
        int[] axes = new int[_axes.Length];
        for (int i = 0; i < axes.Length; i++)
            axes[i] = shape[_axes[i]];
        return Shape.Create(axes);
    }

    /// <inheritdoc/>
    public override Tensor<T> View(ReadOnlySpan<Tensor<T>> inputs)
    {
        int[] strides = inputs[0].Strides(), permuted = new int[_axes.Length];
        Shape shape = Infer(inputs);
        for (int i = 0; i < permuted.Length; i++)
            permuted[i] = strides[_axes[i]];
        return inputs[0].View(shape, permuted, inputs[0].Offset);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => View(inputs).CopyElements(output.Dense());

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        int[] inverse = new int[_axes.Length];
        for (int i = 0; i < _axes.Length; i++)
            inverse[_axes[i]] = i;
        return dy.Permute(inverse);
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => tangents[0]!.Permute(_axes);
}
