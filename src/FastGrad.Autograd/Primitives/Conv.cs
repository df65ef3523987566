using System.Numerics;
using FastGrad.Kernels.Convolution;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd.Primitives;

/// <summary>
/// y = x ⋆ w + b, without a flip: x [batch, in, (rows,) columns], w [out, in/groups, (rows,) columns], b [out] (optional),
/// y [batch, out, (rows,) columns].
/// </summary>
/// <remarks>The order of summation and its error are <see cref="Kernels.Convolution.Conv"/>'s.</remarks>
/// <param name="options">Stride, padding, dilation, groups.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Conv<T>(ConvOptions options) : Primitive<T>, IProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "conv";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape x = inputs[0].Shape, w = inputs[1].Shape;
        ConvolutionShape shape = options.ShapeOf(x, w);
        ConvBias.Check(inputs, w[0]);
        return x.Rank == 3 ? [x[0], w[0], shape.Columns.Output] : [x[0], w[0], shape.Rows.Output, shape.Columns.Output];
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Forward(inputs, output, default);

    // Those of a direct convolution, whatever is done.
    double ICounted.Flops(Shape x, Shape w, Shape y) => w[0] == 0 ? 0 : 2.0 * y.Length * w.Length / w[0];

    // A row is a channel of an image.
    int IProduct<T>.Columns(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => output.Shape[0] * output.Shape[1] is > 0 and var rows ? output.Length / rows : 0;

    void IProduct<T>.Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, BoundEpilogue<T> epilogue) => Forward(inputs, output, epilogue);

    int IProduct<T>.GradientColumns(int input, in Linearization<T> at, Tensor<T> dy) =>
        input == 0 && Shape(at) is { Rows.Stride: 1, Columns.Stride: 1 } shape ? shape.Rows.Input * shape.Columns.Input : 0;

    void IProduct<T>.Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> d, bool accumulate, BoundEpilogue<T> epilogue) =>
        Conv.InputGradientThen(Shape(at), dy.Dense(), at.Input(1).Dense(), d.Dense(), epilogue, accumulate, default, ComputeContext.Current.Workers);

    private void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, BoundEpilogue<T> epilogue) => Conv.ForwardThen(
        options.ShapeOf(inputs[0].Shape, inputs[1].Shape), inputs[0].Dense(), inputs[1].Dense(), output.Dense(), epilogue, accumulate: false,
        ConvBias.Of(inputs), ComputeContext.Current.Workers);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => input switch
    {
        0 => new ConvTransposed<T>(options.ForTranspose(Shape(at))).Apply(dy, at.Input(1)),
        1 => new ConvWeightGradient<T>(options, Kernel(at)).Apply(at.Input(0), dy),
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
        ConvolutionShape shape = Shape(at);
        if (input == 0)
            Conv.InputGradient(shape, dy.Dense(), at.Input(1).Dense(), d.Dense(), accumulate, default, ComputeContext.Current.Workers);
        else if (input == 1)
            Conv.WeightGradient(shape, at.Input(0).Dense(), dy.Dense(), d.Dense(), accumulate, ComputeContext.Current.Workers);
        else
            ConvBias.Gradient(dy, d, accumulate);
    }

    private ConvolutionShape Shape(in Linearization<T> at) => options.ShapeOf(at.InputShape(0), at.InputShape(1));

    private static PerAxis Kernel(in Linearization<T> at) => (at.InputShape(1).Rank == 4 ? at.InputShape(1)[2] : 1, at.InputShape(1)[-1]);
}

/// <summary>What both directions do with a bias.</summary>
internal static class ConvBias
{
    public static void Check<T>(ReadOnlySpan<Tensor<T>> inputs, int channels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (inputs.Length > 2 && (inputs[2].Rank != 1 || inputs[2].Length != channels))
            throw new ArgumentException($"conv with {channels} output channels and bias {inputs[2].Shape}; expected a bias of shape [{channels}].", nameof(inputs));
    }

    public static ReadOnlySpan<T> Of<T>(ReadOnlySpan<Tensor<T>> inputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => inputs.Length > 2 ? inputs[2].Dense() : default;

    public static Tensor<T> Gradient<T>(Tensor<T> dy)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => dy.Rank == 4 ? dy.Sum([0, 2, 3]) : dy.Sum([0, 2]);

    public static void Gradient<T>(Tensor<T> dy, Tensor<T> db, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int plane = dy.Rank == 4 ? dy.Shape[2] * dy.Shape[3] : dy.Shape[2];
        Conv.BiasGradient(dy.Shape[0], dy.Shape[1], plane, dy.Dense(), db.Dense(), accumulate, ComputeContext.Current.Workers);
    }

    public static Tensor<T> Add<T>(Tensor<T>? sum, ReadOnlySpan<Tensor<T>?> tangents, Shape output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (tangents.Length < 3 || tangents[2] is not { } db)
            return sum!;
        Tensor<T> columns = db.Reshape(output.Rank == 4 ? [db.Length, 1, 1] : [db.Length, 1]);
        return sum is null ? columns.BroadcastTo(output) : sum + columns;
    }
}
