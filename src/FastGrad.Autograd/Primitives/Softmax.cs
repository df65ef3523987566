using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>Softmax over the last axis: yᵢ = eˣⁱ / Σⱼ eˣʲ.</summary>
/// <remarks>Vᵀdy = y·(dy − Σ dy·y); the Jacobian diag(y) − y·yᵀ is symmetric, so the tangent has the same form.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Softmax<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Softmax()
    {
    }

    /// <summary>The operation.</summary>
    public static Softmax<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "softmax";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Rows.Check(inputs[0].Shape, Name);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) =>
        Kernels.Normalization.Softmax.Forward<T>(inputs[0].Dense(), Rows.Count(output.Shape), output.Shape[-1], output.Dense(), ComputeContext.Current.Workers);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => Project(at.Output, dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Project(at.Output, tangents[0]!);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate) =>
        Kernels.Normalization.Softmax.Backward<T>(at.Output.Dense(), dy.Dense(), Rows.Count(dy.Shape), dy.Shape[-1], dx.Dense(), accumulate, ComputeContext.Current.Workers);

    private static Tensor<T> Project(Tensor<T> y, Tensor<T> d) => y * (d - (d * y).Sum([-1], keepAxes: true));
}

/// <summary>Log-softmax over the last axis: yᵢ = xᵢ − log Σⱼ eˣʲ.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LogSoftmax<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private LogSoftmax()
    {
    }

    /// <summary>The operation.</summary>
    public static LogSoftmax<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "log-softmax";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Rows.Check(inputs[0].Shape, Name);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) =>
        Kernels.Normalization.LogSoftmax.Forward<T>(inputs[0].Dense(), Rows.Count(output.Shape), output.Shape[-1], output.Dense(), ComputeContext.Current.Workers);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        dy - at.Output.Exp() * dy.Sum([-1], keepAxes: true);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        tangents[0]! - (at.Output.Exp() * tangents[0]!).Sum([-1], keepAxes: true);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate) =>
        Kernels.Normalization.LogSoftmax.Backward<T>(at.Output.Dense(), dy.Dense(), Rows.Count(dy.Shape), dy.Shape[-1], dx.Dense(), accumulate, ComputeContext.Current.Workers);
}

/// <summary>log Σⱼ eˣʲ over the last axis, which goes away.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LogSumExp<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private LogSumExp()
    {
    }

    /// <summary>The operation.</summary>
    public static LogSumExp<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "logsumexp";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Rows.Check(inputs[0].Shape, Name).Reduce([-1], keepAxes: false);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) =>
        Kernels.Normalization.LogSumExp.Forward<T>(inputs[0].Dense(), output.Length, inputs[0].Shape[-1], output.Dense());

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        at.Input(0).Softmax() * dy.Reshape(at.InputShape(0).Reduce([-1], keepAxes: true));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        (at.Input(0).Softmax() * tangents[0]!).Sum([-1]);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate) =>
        Kernels.Normalization.LogSumExp.Backward<T>(at.Input(0).Dense(), at.Output.Dense(), dy.Dense(), dy.Length, at.InputShape(0)[-1], dx.Dense(), accumulate);
}

/// <summary>A tensor seen as rows along its last axis.</summary>
internal static class Rows
{
    public static Shape Check(Shape shape, string operation) => shape.Rank >= 1 && shape[-1] > 0
        ? shape
        : throw new ArgumentException($"{operation} of a tensor of shape {shape}; expected at least one axis, the last not empty.", nameof(shape));

    public static int Count(Shape shape) => shape.Length / shape[-1];
}
