using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>Sliding windows along an axis, which counts them, and a new last axis inside them: a view.</summary>
/// <param name="axis">The axis.</param>
/// <param name="size">The elements of a window.</param>
/// <param name="step">From one window's start to the next.</param>
/// <param name="dilation">From one element of a window to the next.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Windows<T>(int axis, int size, int step, int dilation = 1) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "windows";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        Shape x = inputs[0].Shape;
        int normal = x.NormalizeAxis(axis);
        long extent = (size - 1L) * dilation + 1;
        if (extent > x[normal])
            throw new ArgumentException($"A window of {size} elements with dilation {dilation} spans {extent}, more than axis {normal} of shape {x}.", nameof(inputs));
        int[] axes = [.. x.Axes, size];
        axes[normal] = (x[normal] - (int)extent) / step + 1;
        return Shape.Create(axes);
    }

    /// <inheritdoc/>
    public override Tensor<T> View(ReadOnlySpan<Tensor<T>> inputs)
    {
        Tensor<T> x = inputs[0];
        int normal = x.Shape.NormalizeAxis(axis);
        int[] strides = [.. x.Strides(), 0];
        strides[^1] = strides[normal] * dilation;
        strides[normal] *= step;
        return x.View(Infer(inputs), strides, x.Offset);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => View(inputs).CopyElements(output.Dense());

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        int normal = at.InputShape(0).NormalizeAxis(axis);
        return new WindowSum<T>(normal, at.InputShape(0)[normal], step, dilation).Apply(dy);
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}

/// <summary>Overlapping windows added up where they came from: the transpose of <see cref="Windows{T}"/>.</summary>
/// <remarks>Each element is a chain of additions over the windows in order.</remarks>
/// <param name="axis">The axis that counts windows, from 0.</param>
/// <param name="extent">The length of the output's axis.</param>
/// <param name="step">From one window's start to the next.</param>
/// <param name="dilation">From one element of a window to the next.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class WindowSum<T>(int axis, int extent, int step, int dilation = 1) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "window-sum";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape x = inputs[0].Shape;
        if (x.Rank < 2 || (uint)axis >= (uint)(x.Rank - 1) || (x[axis] - 1) * step + (x[-1] - 1) * dilation >= extent)
            throw new ArgumentException($"Windows of shape {x} along axis {axis}, in steps of {step} with dilation {dilation}, do not fit into {extent} elements.", nameof(inputs));
        int[] axes = x.Axes[..^1].ToArray();
        axes[axis] = extent;
        return Shape.Create(axes);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        AxisSplit to = new(output.Shape, axis);
        ReadOnlySpan<T> x = inputs[0].Dense();
        Span<T> y = output.Dense();
        y.Clear();
        int count = inputs[0].Shape[axis], size = inputs[0].Shape[-1], at = 0;
        for (int o = 0; o < to.Outer; o++)
        {
            for (int window = 0; window < count; window++)
            {
                for (int j = 0; j < to.Inner; j++)
                {
                    for (int e = 0; e < size; e++)
                        y[(o * extent + window * step + e * dilation) * to.Inner + j] += x[at++];
                }
            }
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => new Windows<T>(axis, at.InputShape(0)[-1], step, dilation).Apply(dy)
        .Slice(axis, 0, at.InputShape(0)[axis]);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}
