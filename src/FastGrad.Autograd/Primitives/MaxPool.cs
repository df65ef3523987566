using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Pooling;

namespace FastGrad.Autograd.Primitives;

/// <summary>The largest element of each window; the first of equals, the first NaN. The gradient goes to that element.</summary>
/// <remarks>No indices are kept: backward finds the maxima again in the input, so that the operation stays a function of its inputs alone.</remarks>
/// <param name="windows">The windows.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MaxPool<T>(PoolWindows windows) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "max-pool";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => windows.Infer(inputs[0].Shape);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Shape x = inputs[0].Shape;
        MaxPool.Forward(windows.Planes(x), windows.Rows(x), windows.Columns(x), inputs[0].Dense(), output.Dense(), default, ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => new MaxPoolPlace<T>(windows).Apply(at.Input(0), dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => new MaxPoolPick<T>(windows).Apply(at.Input(0), tangents[0]!);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        Shape x = at.InputShape(0);
        MaxPool.Place(windows.Planes(x), windows.Rows(x), windows.Columns(x), at.Input(0).Dense(), dy.Dense(), dx.Dense(), accumulate, ComputeContext.Current.Workers);
    }
}

/// <summary>Of x and dy: dy at the place of each window's maximum in x, added where windows meet, 0 elsewhere. Constant in x.</summary>
/// <param name="windows">The windows.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MaxPoolPlace<T>(PoolWindows windows) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "max-pool-place";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape expected = windows.Infer(inputs[0].Shape);
        return inputs[1].Shape == expected
            ? inputs[0].Shape
            : throw new ArgumentException($"Values of shape {inputs[1].Shape} for the windows of {inputs[0].Shape}; expected {expected}.", nameof(inputs));
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Shape x = inputs[0].Shape;
        MaxPool.Place(windows.Planes(x), windows.Rows(x), windows.Columns(x), inputs[0].Dense(), inputs[1].Dense(), output.Dense(), accumulate: false, ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        input == 0 ? Tensor.Zeros<T>(at.InputShape(0)) : new MaxPoolPick<T>(windows).Apply(at.Input(0), dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        tangents[1] is { } t ? Apply(at.Input(0), t) : Tensor.Zeros<T>(at.OutputShape);
}

/// <summary>Of x and t: t at the place of each window's maximum in x. Constant in x; in t the transpose of <see cref="MaxPoolPlace{T}"/>.</summary>
/// <param name="windows">The windows.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MaxPoolPick<T>(PoolWindows windows) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "max-pool-pick";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => inputs[0].Shape == inputs[1].Shape
        ? windows.Infer(inputs[0].Shape)
        : throw new ArgumentException($"Elements of shape {inputs[1].Shape} to pick where {inputs[0].Shape} has its maxima; expected the same shape.", nameof(inputs));

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Shape x = inputs[0].Shape;
        MaxPool.Pick(windows.Planes(x), windows.Rows(x), windows.Columns(x), inputs[0].Dense(), inputs[1].Dense(), output.Dense(), ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        input == 0 ? Tensor.Zeros<T>(at.InputShape(0)) : new MaxPoolPlace<T>(windows).Apply(at.Input(0), dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        tangents[1] is { } t ? Apply(at.Input(0), t) : Tensor.Zeros<T>(at.OutputShape);
}
