using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>One value before and after the elements of an axis.</summary>
/// <param name="axis">The axis.</param>
/// <param name="before">Elements put before.</param>
/// <param name="after">Elements put after.</param>
/// <param name="value">Their value.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Pad<T>(int axis, int before, int after, T value = default) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "pad";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        int[] axes = inputs[0].Shape.Axes.ToArray();
        ref int length = ref axes[inputs[0].Shape.NormalizeAxis(axis)];
        if ((long)length + before + after > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(after), after, $"{before} and {after} elements around the {length} of axis {axis} are more than {int.MaxValue}.");
        length += before + after;
        return Shape.Create(axes);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        AxisSplit from = new(inputs[0].Shape, axis), to = new(output.Shape, axis);
        ReadOnlySpan<T> x = inputs[0].Dense();
        Span<T> y = output.Dense();
        int line = from.Length * from.Inner, padded = to.Length * to.Inner, first = before * from.Inner;
        for (int o = 0; o < from.Outer; o++)
        {
            Span<T> target = y.Slice(o * padded, padded);
            target[..first].Fill(value);
            x.Slice(o * line, line).CopyTo(target[first..]);
            target[(first + line)..].Fill(value);
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => dy.Slice(axis, before, at.InputShape(0)[axis]);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => new Pad<T>(axis, before, after).Apply(tangents[0]!);
}
