using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>Softmax along an axis: yᵢ = eˣⁱ / Σⱼ eˣʲ.</summary>
/// <remarks>Vᵀdy = y·(dy − Σ dy·y); the Jacobian diag(y) − y·yᵀ is symmetric, so the tangent has the same form.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Softmax<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis;

    private Softmax(int axis) => _axis = axis;

    /// <summary>The operation along the last axis.</summary>
    public static Softmax<T> Instance { get; } = new(-1);

    /// <summary>The operation along an axis.</summary>
    public static Softmax<T> Along(int axis) => axis == -1 ? Instance : new(axis);

    /// <inheritdoc/>
    public override string Name => "softmax";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Rows.Check(inputs[0].Shape, _axis, Name);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        (int outer, int length, int inner) = AxisRun.Split(output.Shape, output.Shape.NormalizeAxis(_axis));
        if (inner == 1)
            Kernels.Normalization.Softmax.Forward<T>(inputs[0].Dense(), outer, length, output.Dense(), ComputeContext.Current.Workers);
        else
            Kernels.Normalization.SoftmaxAlong.Forward<T>(inputs[0].Dense(), outer, length, inner, output.Dense(), ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => Project(at.Output, dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Project(at.Output, tangents[0]!);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        (int outer, int length, int inner) = AxisRun.Split(dy.Shape, dy.Shape.NormalizeAxis(_axis));
        if (inner == 1)
            Kernels.Normalization.Softmax.Backward<T>(at.Output.Dense(), dy.Dense(), outer, length, dx.Dense(), accumulate, ComputeContext.Current.Workers);
        else
            Kernels.Normalization.SoftmaxAlong.Backward<T>(at.Output.Dense(), dy.Dense(), outer, length, inner, dx.Dense(), accumulate, ComputeContext.Current.Workers);
    }

    private Tensor<T> Project(Tensor<T> y, Tensor<T> d) => y * (d - (d * y).Sum([_axis], keepAxes: true));
}

/// <summary>Log-softmax along an axis: yᵢ = xᵢ − log Σⱼ eˣʲ.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LogSoftmax<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis;

    private LogSoftmax(int axis) => _axis = axis;

    /// <summary>The operation along the last axis.</summary>
    public static LogSoftmax<T> Instance { get; } = new(-1);

    /// <summary>The operation along an axis.</summary>
    public static LogSoftmax<T> Along(int axis) => axis == -1 ? Instance : new(axis);

    /// <inheritdoc/>
    public override string Name => "log-softmax";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Rows.Check(inputs[0].Shape, _axis, Name);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        (int outer, int length, int inner) = AxisRun.Split(output.Shape, output.Shape.NormalizeAxis(_axis));
        if (inner == 1)
            Kernels.Normalization.LogSoftmax.Forward<T>(inputs[0].Dense(), outer, length, output.Dense(), ComputeContext.Current.Workers);
        else
            Kernels.Normalization.LogSoftmaxAlong.Forward<T>(inputs[0].Dense(), outer, length, inner, output.Dense(), ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        dy - at.Output.Exp() * dy.Sum([_axis], keepAxes: true);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        tangents[0]! - (at.Output.Exp() * tangents[0]!).Sum([_axis], keepAxes: true);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        (int outer, int length, int inner) = AxisRun.Split(dy.Shape, dy.Shape.NormalizeAxis(_axis));
        if (inner == 1)
            Kernels.Normalization.LogSoftmax.Backward<T>(at.Output.Dense(), dy.Dense(), outer, length, dx.Dense(), accumulate, ComputeContext.Current.Workers);
        else
            Kernels.Normalization.LogSoftmaxAlong.Backward<T>(at.Output.Dense(), dy.Dense(), outer, length, inner, dx.Dense(), accumulate, ComputeContext.Current.Workers);
    }
}

/// <summary>log Σⱼ eˣʲ along an axis, which goes away.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LogSumExp<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _axis;

    private LogSumExp(int axis) => _axis = axis;

    /// <summary>The operation along the last axis.</summary>
    public static LogSumExp<T> Instance { get; } = new(-1);

    /// <summary>The operation along an axis.</summary>
    public static LogSumExp<T> Along(int axis) => axis == -1 ? Instance : new(axis);

    /// <inheritdoc/>
    public override string Name => "logsumexp";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Rows.Check(inputs[0].Shape, _axis, Name).Reduce([_axis], keepAxes: false);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        (int outer, int length, int inner) = AxisRun.Split(inputs[0].Shape, inputs[0].Shape.NormalizeAxis(_axis));
        if (inner == 1)
            Kernels.Normalization.LogSumExp.Forward<T>(inputs[0].Dense(), outer, length, output.Dense());
        else
            Kernels.Normalization.LogSumExpAlong.Forward<T>(inputs[0].Dense(), outer, length, inner, output.Dense(), ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        at.Input(0).Softmax(_axis) * dy.Reshape(at.InputShape(0).Reduce([_axis], keepAxes: true));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        (at.Input(0).Softmax(_axis) * tangents[0]!).Sum([_axis]);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        (int outer, int length, int inner) = AxisRun.Split(dx.Shape, dx.Shape.NormalizeAxis(_axis));
        if (inner == 1)
            Kernels.Normalization.LogSumExp.Backward<T>(at.Input(0).Dense(), at.Output.Dense(), dy.Dense(), outer, length, dx.Dense(), accumulate);
        else
            Kernels.Normalization.LogSumExpAlong.Backward<T>(at.Input(0).Dense(), at.Output.Dense(), dy.Dense(), outer, length, inner, dx.Dense(), accumulate, ComputeContext.Current.Workers);
    }
}

/// <summary>A tensor seen as rows along its last axis.</summary>
internal static class Rows
{
    public static Shape Check(Shape shape, string operation) => Check(shape, -1, operation);

    public static Shape Check(Shape shape, int axis, string operation) => shape.Rank >= 1 && shape[axis] > 0
        ? shape
        : throw new ArgumentException($"{operation} along axis {axis} of a tensor of shape {shape}; expected at least one axis, and that one not empty.", nameof(shape));

    public static int Count(Shape shape) => shape.Length / shape[-1];
}
