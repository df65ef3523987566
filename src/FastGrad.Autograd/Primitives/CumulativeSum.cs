using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>Running sums along an axis, from its start, or reversed, from its end.</summary>
/// <param name="axis">The axis.</param>
/// <param name="reverse">Whether to sum from the end: the transpose.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CumulativeSum<T>(int axis, bool reverse = false) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "cumulative-sum";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        _ = inputs[0].Shape.NormalizeAxis(axis);
        return inputs[0].Shape;
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        AxisSplit split = new(output.Shape, axis);
        Kernels.Indexing.CumulativeSum.Along<T>(inputs[0].Dense(), split.Outer, split.Length, split.Inner, output.Dense(), reverse);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => new CumulativeSum<T>(axis, !reverse).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}
