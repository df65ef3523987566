using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>yᵢ = x[i, labelᵢ]: of each row the element that its label names; 0 where the label is the ignored one.</summary>
/// <param name="labels">One label a row, from 0 to columns − 1, or the ignored one.</param>
/// <param name="ignored">A label that names nothing, if any.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PickLabels<T>(Tensor<int> labels, int? ignored = null) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "pick-labels";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    internal override Storage? Attribute => labels.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Labels.Check(labels, inputs[0].Shape);
        return labels.Shape;
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        ReadOnlySpan<T> x = inputs[0].Dense();
        int columns = inputs[0].Shape[-1];
        ReadOnlySpan<int> label = Labels.InRange(labels, columns, ignored);
        Span<T> y = output.Dense();
        for (int i = 0; i < y.Length; i++)
            y[i] = label[i] == ignored ? T.Zero : x[i * columns + label[i]];
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        new PlaceLabels<T>(labels, at.InputShape(0)[-1], ignored).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}

/// <summary>y[i, labelᵢ] = xᵢ, 0 elsewhere: the transpose of <see cref="PickLabels{T}"/>.</summary>
/// <param name="labels">One label a row, from 0 to columns − 1, or the ignored one.</param>
/// <param name="columns">The number of columns.</param>
/// <param name="ignored">A label that names nothing, if any.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PlaceLabels<T>(Tensor<int> labels, int columns, int? ignored = null) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "place-labels";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    internal override Storage? Attribute => labels.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        if (inputs[0].Shape != labels.Shape)
            throw new ArgumentException($"Values of shape {inputs[0].Shape} for labels of shape {labels.Shape}; expected the same.", nameof(inputs));
        Shape shape = Shape.Create([.. labels.Shape.Axes, columns]);
        Labels.Check(labels, shape);
        return shape;
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        ReadOnlySpan<T> x = inputs[0].Dense();
        ReadOnlySpan<int> label = Labels.InRange(labels, columns, ignored);
        Span<T> y = output.Dense();
        y.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            if (label[i] != ignored)
                y[i * columns + label[i]] = x[i];
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => new PickLabels<T>(labels, ignored).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}

/// <summary>The rules for labels.</summary>
internal static class Labels
{
    /// <summary>One label a row.</summary>
    public static void Check(Tensor<int> labels, Shape values)
    {
        if (values.Rank != labels.Rank + 1 || !values.Axes[..^1].SequenceEqual(labels.Shape.Axes))
            throw new ArgumentException($"Labels of shape {labels.Shape} for values of shape {values}; expected one label for each row, so shape {(values.Rank > 0 ? values.Reduce([-1], false) : values)}.", nameof(labels));
    }

    /// <summary>The labels, each from 0 to columns − 1 or ignored: checked each time they are read, since their memory may hold another batch.</summary>
    public static ReadOnlySpan<int> InRange(Tensor<int> labels, int columns, int? ignored = null)
    {
        ReadOnlySpan<int> all = labels.Contiguous().Dense();
        for (int i = 0; i < all.Length; i++)
        {
            if ((uint)all[i] >= (uint)columns && all[i] != ignored)
                throw new ArgumentOutOfRangeException(nameof(labels), all[i], $"The label of row {i} is {all[i]}; expected 0 to {columns - 1}{(ignored is { } other ? $", or {other} for a row to ignore" : "")}.");
        }
        return all;
    }
}
