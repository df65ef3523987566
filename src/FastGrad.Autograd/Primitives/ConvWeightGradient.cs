using System.Numerics;
using FastGrad.Kernels.Convolution;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>The weight gradient of <see cref="Conv{T}"/>: of x and dy, in the weight's shape; linear in each.</summary>
/// <param name="options">The convolution's.</param>
/// <param name="kernel">The weight's spatial axes; several sizes may have led to the same output.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ConvWeightGradient<T>(ConvOptions options, PerAxis kernel) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "conv-weight-gradient";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape x = inputs[0].Shape, dy = inputs[1].Shape;
        Shape w = Weight(x, dy);
        ConvolutionShape shape = options.ShapeOf(x, w);
        bool fits = dy.Rank == x.Rank && dy[0] == x[0] && dy[-1] == shape.Columns.Output && (dy.Rank == 3 || dy[2] == shape.Rows.Output);
        return fits ? w : throw new ArgumentException($"The weight gradient of a conv of x {x} with kernel {kernel} and dy {dy}; expected a dy with {shape.Rows.Output} rows and {shape.Columns.Output} columns.", nameof(inputs));
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Conv.WeightGradient(
        options.ShapeOf(inputs[0].Shape, output.Shape), inputs[0].Dense(), inputs[1].Dense(), output.Dense(), accumulate: false,
        ComputeContext.Current.Workers);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> v) => input == 0
        ? new ConvTransposed<T>(options.ForTranspose(options.ShapeOf(at.InputShape(0), at.OutputShape))).Apply(at.Input(1), v)
        : new Conv<T>(options).Apply(at.Input(0), v);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T>? left = tangents[0] is { } dx ? Apply(dx, at.Input(1)) : null;
        Tensor<T>? right = tangents[1] is { } d ? Apply(at.Input(0), d) : null;
        return left is null ? right! : right is null ? left : left + right;
    }

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> v, Tensor<T> d, bool accumulate)
    {
        ConvolutionShape shape = options.ShapeOf(at.InputShape(0), at.OutputShape);
        if (input == 0)
            Conv.InputGradient(shape, at.Input(1).Dense(), v.Dense(), d.Dense(), accumulate, default, ComputeContext.Current.Workers);
        else
            Conv.Forward(shape, at.Input(0).Dense(), v.Dense(), d.Dense(), accumulate, default, ComputeContext.Current.Workers);
    }

    private Shape Weight(Shape x, Shape dy)
    {
        if (x.Rank is not (3 or 4) || dy.Rank != x.Rank || options.Groups < 1 || x[1] % options.Groups != 0)
            throw new ArgumentException($"The weight gradient of a conv of x {x} and dy {dy} in {options.Groups} groups; expected [batch, channels, (rows,) columns] twice, and a divisor of x's channels.");
        int inputs = x[1] / options.Groups;
        return x.Rank == 3 ? [dy[1], inputs, kernel.Columns] : [dy[1], inputs, kernel.Rows, kernel.Columns];
    }
}
