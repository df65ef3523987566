using System.Buffers;
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
    /// <summary>The labels: one a row.</summary>
    public Tensor<int> Labels => labels;

    /// <inheritdoc/>
    public override string Name => "softmax-cross-entropy";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    internal override Storage? Attribute => labels.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Primitives.Labels.Check(labels, Rows.Check(inputs[0].Shape, Name));
        return labels.Shape;
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Tensor<T> x = inputs[0];
        Kernels.Normalization.SoftmaxCrossEntropy.Forward<T>(
            x.Dense(), labels.Contiguous().Dense(), output.Length, x.Shape[-1], output.Dense(), probabilities: default);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        at.Input(0).Softmax() * dy.Reshape(at.InputShape(0).Reduce([-1], keepAxes: true)) - new PlaceLabels<T>(labels, at.InputShape(0)[-1]).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        (at.Input(0).Softmax() * tangents[0]!).Sum([-1]) - new PickLabels<T>(labels).Apply(tangents[0]!);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        // The probabilities again: one pass over the logits, instead of keeping a second array of their size alive. They are made
        // where the gradient goes, unless there is something to add to.
        Tensor<T> x = at.Input(0);
        int rows = labels.Length, columns = x.Shape[-1];
        T[]? rented = accumulate ? ArrayPool<T>.Shared.Rent(x.Length) : null;
        Span<T> p = rented is null ? dx.Dense() : rented.AsSpan(0, x.Length);
        Kernels.Normalization.Softmax.Forward<T>(x.Dense(), rows, columns, p);
        Kernels.Normalization.SoftmaxCrossEntropy.Backward<T>(p, labels.Contiguous().Dense(), dy.Dense(), rows, columns, dx.Dense(), accumulate);
        if (rented is not null)
            ArrayPool<T>.Shared.Return(rented);
    }
}
