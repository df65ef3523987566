using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>Some of the elements along one axis: start, start + step, …: a view.</summary>
/// <param name="axis">The axis.</param>
/// <param name="start">The first index.</param>
/// <param name="length">How many indices.</param>
/// <param name="step">The distance between indices, at least 1.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Slice<T>(int axis, int start, int length, int step = 1) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "slice";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape shape = inputs[0].Shape;
        int normal = shape.NormalizeAxis(axis);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (start < 0 || (length > 0 && start + (long)(length - 1) * step >= shape[normal]))
            throw new ArgumentOutOfRangeException(nameof(start), $"{length} indices from {start} in steps of {step} leave axis {normal} of shape {shape}.");
        int[] axes = shape.Axes.ToArray();
        axes[normal] = length;
        return Shape.Create(axes);
    }

    /// <inheritdoc/>
    public override Tensor<T> View(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape shape = Infer(inputs);
        int normal = shape.NormalizeAxis(axis);
        int[] strides = [.. inputs[0].Strides()];
        int offset = inputs[0].Offset + start * strides[normal];
        strides[normal] *= step;
        return inputs[0].View(shape, strides, length == 0 ? inputs[0].Offset : offset);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => View(inputs).CopyElements(output.Dense());

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        new Embed<T>(axis, start, at.InputShape(0)[axis], step).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}

/// <summary>The elements at some indices along one axis of a tensor that is zero elsewhere: the transpose of <see cref="Slice{T}"/>.</summary>
/// <param name="axis">The axis.</param>
/// <param name="start">The first index.</param>
/// <param name="extent">The length of the output's axis.</param>
/// <param name="step">The distance between indices, at least 1.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Embed<T>(int axis, int start, int extent, int step = 1) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "embed";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        int[] axes = inputs[0].Shape.Axes.ToArray();
        axes[inputs[0].Shape.NormalizeAxis(axis)] = extent;
        return Shape.Create(axes);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Shape shape = inputs[0].Shape;
        int normal = shape.NormalizeAxis(axis), inner = 1;
        for (int i = normal + 1; i < shape.Rank; i++)
            inner *= shape[i];
        int count = shape[normal], outer = count * inner == 0 ? 0 : shape.Length / (count * inner);
        ReadOnlySpan<T> x = inputs[0].Dense();
        Span<T> y = output.Dense();
        y.Clear();
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < count; i++)
                x.Slice((o * count + i) * inner, inner).CopyTo(y[((o * extent + start + i * step) * inner)..]);
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        new Slice<T>(axis, start, at.InputShape(0)[axis], step).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}
