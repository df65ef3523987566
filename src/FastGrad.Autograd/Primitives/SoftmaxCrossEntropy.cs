using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>ℓᵢ = log Σⱼ eˣⁱʲ − x[i, labelᵢ]: the cross entropy of each row's softmax with its label, in one pass.</summary>
/// <remarks>∂ℓ/∂x = softmax(x) − onehot(label). Convex in x.</remarks>
/// <param name="labels">One label a row, from 0 to columns − 1.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SoftmaxCrossEntropy<T>(Tensor<int> labels) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "softmax-cross-entropy";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Labels.Check(labels, Rows.Check(inputs[0].Shape, Name));
        return labels.Shape;
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Kernels.Normalization.SoftmaxCrossEntropy.Apply(
        inputs[0].Contiguous().Dense(), labels.Contiguous().Dense(), output.Dense(), output.Length, inputs[0].Shape[-1]);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        at.Input(0).Softmax() * dy.Reshape(at.InputShape(0).Reduce([-1], keepAxes: true)) - new PlaceLabels<T>(labels, at.InputShape(0)[-1]).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        (at.Input(0).Softmax() * tangents[0]!).Sum([-1]) - new PickLabels<T>(labels).Apply(tangents[0]!);

    /// <inheritdoc/>
    public override void Backward(in BackwardContext<T> context)
    {
        if (!context.Needs(0))
            return;
        Tensor<T> x = context.Linearization.Input(0).Contiguous();
        Tensor<T> dx = context.Gradient(0, out bool accumulate);
        Kernels.Normalization.SoftmaxCrossEntropy.Backward(
            x.Dense(), labels.Contiguous().Dense(), context.OutputGradient.Dense(), dx.Dense(), labels.Length, x.Shape[-1], accumulate);
    }
}
