using System.Numerics;
using FastGrad.Kernels.Convolution;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>
/// The transpose of <see cref="Conv{T}"/> in x, plus b: x [batch, in, (rows,) columns], w [in, out/groups, (rows,) columns], b [out] (optional),
/// y [batch, out, (rows,) columns] with (input − 1)·stride − 2·padding + (kernel − 1)·dilation + 1 + output padding positions on an axis.
/// </summary>
/// <param name="options">Those of the convolution that is transposed, and the output padding.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ConvTransposed<T>(ConvOptions options) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "conv-transposed";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        ConvolutionShape shape = options.Transposed(inputs[0].Shape, inputs[1].Shape);
        ConvBias.Check(inputs, shape.InputChannels);
        return inputs[0].Rank == 3
            ? [shape.Batch, shape.InputChannels, shape.Columns.Input]
            : [shape.Batch, shape.InputChannels, shape.Rows.Input, shape.Columns.Input];
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Conv.InputGradient(
        options.Transposed(inputs[0].Shape, inputs[1].Shape), inputs[0].Dense(), inputs[1].Dense(), output.Dense(), accumulate: false,
        ConvBias.Of(inputs), ComputeContext.Current.Workers);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => input switch
    {
        0 => new Conv<T>(options).Apply(dy, at.Input(1)),
        1 => new ConvWeightGradient<T>(options, (at.InputShape(1).Rank == 4 ? at.InputShape(1)[2] : 1, at.InputShape(1)[-1])).Apply(dy, at.Input(0)),
        _ => ConvBias.Gradient(dy),
    };

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T>? sum = tangents[0] is { } dx ? Apply(dx, at.Input(1)) : null;
        if (tangents[1] is { } dw)
            sum = sum is null ? Apply(at.Input(0), dw) : sum + Apply(at.Input(0), dw);
        return ConvBias.Add(sum, tangents, at.OutputShape);
    }

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    /// <remarks>Further contributions to dx and dw continue their chains.</remarks>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> d, bool accumulate)
    {
        ConvolutionShape shape = options.Transposed(at.InputShape(0), at.InputShape(1));
        if (input == 0)
            Conv.Forward(shape, dy.Dense(), at.Input(1).Dense(), d.Dense(), accumulate, default, ComputeContext.Current.Workers);
        else if (input == 1)
            Conv.WeightGradient(shape, dy.Dense(), at.Input(0).Dense(), d.Dense(), accumulate, ComputeContext.Current.Workers);
        else
            ConvBias.Gradient(dy, d, accumulate);
    }
}
