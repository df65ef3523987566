using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Normalization;
using Kernel = FastGrad.Kernels.Normalization.BatchNorm;

namespace FastGrad.Autograd.Primitives;

/// <summary>Batch normalization of each channel of x [N, C, …]: y = (x − μ)/√(σ² + ε)·w + b.</summary>
/// <remarks>
/// Inputs: x, μ and σ² of each channel, as constants, then weight and bias, or neither, or a weight alone. Where μ and σ² are the batch's own, the
/// derivative is taken through them nevertheless: it is one operation, in two kernels, since running statistics read what is between.
/// </remarks>
/// <param name="epsilon">ε.</param>
/// <param name="isBatch">Whether μ and σ² are the batch's own.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BatchNorm<T>(T epsilon, bool isBatch) : FusedPrimitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => isBatch ? "batch-norm" : "batch-norm-given";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Second | Residual.Third;

    /// <inheritdoc/>
    public override bool Keeps(int input) => input < 4;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape shape = inputs[0].Shape;
        ChannelAxes.Check(shape, Name);
        for (int i = 1; i < inputs.Length; i++)
            ChannelAxes.CheckParameter(inputs[i].Shape, shape, i switch { 1 => "mean", 2 => "variance", 3 => "weight", _ => "bias" }, Name);
        if (isBatch && shape.Length == 0)
            throw new ArgumentException($"{Name} of shape {shape}, which is empty, has no mean.", nameof(inputs));
        return shape;
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        ReadOnlySpan<T> x = inputs[0].Dense(), weight = inputs.Length > 3 ? inputs[3].Dense() : default, bias = inputs.Length > 4 ? inputs[4].Dense() : default;
        Kernel.Forward(x, weight, bias, inputs[1].Dense(), inputs[2].Dense(), ChannelAxes.Of(output.Shape), epsilon, output.Dense(), ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => input is not (1 or 2);

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate) => Kernel.Backward<T>(
        at.Input(0).Dense(), at.InputCount > 3 ? at.Input(3).Dense() : default, at.Input(1).Dense(), at.Input(2).Dense(), isBatch, dy.Dense(),
        ChannelAxes.Of(at.OutputShape), epsilon,
        input == 0 ? dx.Dense() : default, input == 3 ? dx.Dense() : default, input == 4 ? dx.Dense() : default, accumulate, ComputeContext.Current.Workers);

    /// <inheritdoc/>
    protected override Tensor<T> Compose(Tensor<T>[] inputs)
    {
        Tensor<T> x = inputs[0];
        int[] all = [0, .. Enumerable.Range(2, x.Rank - 2)];
        Shape row = ChannelAxes.Row(x.Shape);
        Tensor<T> centred = x - (isBatch ? x.Mean(all, keepAxes: true) : inputs[1].Reshape(row));
        Tensor<T> variance = isBatch ? centred.Square().Mean(all, keepAxes: true) : inputs[2].Reshape(row);
        Tensor<T> y = centred / (variance + epsilon).Sqrt();
        return inputs.Length == 3 ? y : inputs.Length == 4 ? y * inputs[3].Reshape(row) : y * inputs[3].Reshape(row) + inputs[4].Reshape(row);
    }
}

/// <summary>The mean and the biased variance of each channel of x [N, C, …]: [2, C].</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BatchMoments<T> : FusedPrimitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private BatchMoments()
    {
    }

    /// <summary>The operation.</summary>
    public static BatchMoments<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => "batch-moments";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape shape = inputs[0].Shape;
        ChannelAxes.Check(shape, Name);
        return shape.Length > 0 ? [2, shape[1]] : throw new ArgumentException($"{Name} of shape {shape}, which is empty; expected at least one element a channel.", nameof(inputs));
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Span<T> moments = output.Dense();
        Kernel.Moments<T>(inputs[0].Dense(), ChannelAxes.Of(inputs[0].Shape), moments[..(moments.Length / 2)], moments[(moments.Length / 2)..], ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    protected override Tensor<T> Compose(Tensor<T>[] inputs)
    {
        Tensor<T> x = inputs[0];
        int[] all = [0, .. Enumerable.Range(2, x.Rank - 2)];
        Tensor<T> mean = x.Mean(all, keepAxes: true);
        return TensorShapes.Concatenate(0, mean.Reshape([1, x.Shape[1]]), (x - mean).Square().Mean(all).Reshape([1, x.Shape[1]]));
    }
}

/// <summary>The shapes of norms of channels, which are the second axis.</summary>
internal static class ChannelAxes
{
    public static ChannelShape Of(Shape shape)
    {
        int inner = 1;
        foreach (int axis in shape.Axes[2..])
            inner *= axis;
        return new(shape[0], shape[1], inner);
    }

    /// <summary>[1, C, 1, …]: what one value for each channel broadcasts as.</summary>
    public static Shape Row(Shape shape)
    {
        int[] axes = new int[shape.Rank];
        axes.AsSpan().Fill(1);
        axes[1] = shape[1];
        return Shape.Create(axes);
    }

    public static void Check(Shape shape, string operation)
    {
        if (shape.Rank < 2)
            throw new ArgumentException($"{operation} of shape {shape}; expected [N, C, …], with the channels as second axis.", nameof(shape));
    }

    public static void CheckParameter(Shape parameter, Shape shape, string name, string operation)
    {
        if (parameter.Rank != 1 || parameter[0] != shape[1])
            throw new ArgumentException($"{operation} of shape {shape} with a {name} of shape {parameter}; expected [{shape[1]}], one for each channel.", name);
    }
}
