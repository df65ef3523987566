using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Pooling;

namespace FastGrad.Autograd.Primitives;

/// <summary>The mean of each window.</summary>
/// <param name="windows">The windows, without dilation.</param>
/// <param name="includePadding">Whether the padding's zeros count.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AvgPool<T>(PoolWindows windows, bool includePadding = true) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "avg-pool";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => windows.Infer(inputs[0].Shape);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Shape x = inputs[0].Shape;
        AvgPool.Forward(windows.Planes(x), windows.Rows(x), windows.Columns(x), includePadding, inputs[0].Dense(), output.Dense(), accumulate: false, ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => new AvgPoolTransposed<T>(windows, includePadding, at.InputShape(0)).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        Shape x = at.InputShape(0);
        AvgPool.Backward(windows.Planes(x), windows.Rows(x), windows.Columns(x), includePadding, dy.Dense(), dx.Dense(), accumulate, ComputeContext.Current.Workers);
    }
}

/// <summary>The transpose of <see cref="AvgPool{T}"/>: each window's elements get their share of it.</summary>
/// <param name="windows">The windows.</param>
/// <param name="includePadding">Whether the padding's zeros count.</param>
/// <param name="shape">The pooled shape, which is the output's.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AvgPoolTransposed<T>(PoolWindows windows, bool includePadding, Shape shape) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "avg-pool-transposed";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape expected = windows.Infer(shape);
        return inputs[0].Shape == expected
            ? shape
            : throw new ArgumentException($"Values of shape {inputs[0].Shape} for the windows of {shape}; expected {expected}.", nameof(inputs));
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => AvgPool.Backward(
        windows.Planes(shape), windows.Rows(shape), windows.Columns(shape), includePadding, inputs[0].Dense(), output.Dense(), accumulate: false, ComputeContext.Current.Workers);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => new AvgPool<T>(windows, includePadding).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate) => AvgPool.Forward(
        windows.Planes(shape), windows.Rows(shape), windows.Columns(shape), includePadding, dy.Dense(), dx.Dense(), accumulate, ComputeContext.Current.Workers);
}
