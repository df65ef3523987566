using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>The elements along some axes in reverse order; a copy, as in PyTorch.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Flip<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _axes;

    /// <summary>A flip of the given axes.</summary>
    public Flip(params ReadOnlySpan<int> axes) => _axes = axes.ToArray();

    /// <inheritdoc/>
    public override string Name => "flip";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Span<bool> flipped = stackalloc bool[inputs[0].Rank];
        if (_axes.Length > 0)
            inputs[0].Shape.MarkAxes(_axes, flipped); // throws where an axis does not exist, or comes twice
        return inputs[0].Shape;
    }

    /// <inheritdoc/>
    public override bool AcceptsLayout(int input, Tensor<T> tensor) => true;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Tensor<T> x = inputs[0];
        Span<int> strides = stackalloc int[x.Rank];
        for (int axis = 0; axis < x.Rank; axis++)
            strides[axis] = x.StrideFromEnd(x.Rank - axis);
        int offset = x.Offset;
        foreach (int axis in _axes)
        {
            int normal = x.Shape.NormalizeAxis(axis);
            offset += (x.Shape[normal] - 1) * strides[normal];
            strides[normal] = -strides[normal];
        }
        StridedCopy.Gather<T>(x.Elements(), offset, x.Shape, strides, output.Dense());
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}
