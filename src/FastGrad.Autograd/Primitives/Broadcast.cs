using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>A tensor stretched to a larger shape without a copy: a view with strides of 0.</summary>
/// <param name="shape">The shape to stretch to.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Broadcast<T>(Shape shape) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "broadcast";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => inputs[0].Shape.BroadcastsTo(shape)
        ? shape
        : throw new ArgumentException($"Shape {inputs[0].Shape} does not broadcast to {shape}: aligned at the last axis, each length must be equal or 1.", nameof(inputs));

    /// <inheritdoc/>
    public override Tensor<T> View(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape from = inputs[0].Shape, to = Infer(inputs);
        int[] own = inputs[0].Strides(), strides = new int[to.Rank];
        for (int i = 1; i <= from.Rank; i++)
            strides[^i] = from[-i] == 1 ? 0 : own[^i];
        return inputs[0].View(to, strides, inputs[0].Offset);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => View(inputs).CopyElements(output.Dense());

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => dy.SumTo(at.InputShape(0));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}
