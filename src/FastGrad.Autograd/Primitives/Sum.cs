using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>The sum over a run of neighbouring axes, which stay with length 1. Sums over others are several of these.</summary>
/// <param name="axis">The first axis, counted from 0.</param>
/// <param name="count">The number of axes.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sum<T>(int axis, int count) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "sum";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Span<int> axes = [.. inputs[0].Shape.Axes];
        axes.Slice(axis, count).Fill(1);
        return Shape.Create(axes);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Run(inputs[0], output, accumulate: false);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => dy.BroadcastTo(at.InputShape(0));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);

    internal override bool ReadsInputsOnly => true;

    internal override bool Computes(Primitive<T> other) => other is Sum<T> same && same.Axes == Axes;

    private (int Axis, int Count) Axes => (axis, count);

    private void Run(Tensor<T> x, Tensor<T> y, bool accumulate)
    {
        int outer = 1, extent = 1, inner = 1;
        for (int i = 0; i < x.Rank; i++)
        {
            if (i < axis)
                outer *= x.Shape[i];
            else if (i < axis + count)
                extent *= x.Shape[i];
            else
                inner *= x.Shape[i];
        }
        Kernels.Reductions.Sum.Along<T>(x.Dense(), outer, extent, inner, y.Dense(), accumulate);
    }
}
