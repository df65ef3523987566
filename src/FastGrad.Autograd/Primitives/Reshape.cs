using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>The same elements, in row-major order, under other axes: a view of contiguous tensors, a copy of others.</summary>
/// <param name="shape">The new shape, with as many elements.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Reshape<T>(Shape shape) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "reshape";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => inputs[0].Length == shape.Length
        ? shape
        : throw new ArgumentException($"Reshape of {inputs[0].Shape} to {shape}: {inputs[0].Length} elements do not fill {shape.Length}.", nameof(inputs));

    /// <inheritdoc/>
    public override Tensor<T>? View(ReadOnlySpan<Tensor<T>> inputs) =>
        inputs[0].IsContiguous ? inputs[0].View(Infer(inputs), null, inputs[0].Offset) : null;

    /// <inheritdoc/>
    public override bool AcceptsLayout(int input, Tensor<T> tensor) => true;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => inputs[0].CopyElements(output.Dense());

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => dy.Reshape(at.InputShape(0));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => tangents[0]!.Reshape(shape);
}
