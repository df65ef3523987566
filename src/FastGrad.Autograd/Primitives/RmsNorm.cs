using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>Root-mean-square normalization over the last axes: y = x/√(Σx²/n + ε)·w.</summary>
/// <remarks>Inputs: x, then a weight, or none. The kernel leaves 1/√(Σx²/n + ε) of each row for backward.</remarks>
/// <param name="axes">How many axes from the last on are normalized together.</param>
/// <param name="epsilon">ε.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RmsNorm<T>(int axes, T epsilon) : FusedPrimitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "rms-norm";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape shape = inputs[0].Shape;
        NormShape.Check(shape, axes, Name);
        if (inputs.Length > 1)
            NormShape.CheckParameter(inputs[1].Shape, shape, axes, "weight", Name);
        return shape;
    }

    /// <inheritdoc/>
    public override Shape? Auxiliary(ReadOnlySpan<Tensor<T>> inputs) => [NormShape.Rows(inputs[0].Shape, axes)];

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Run(inputs, output, default);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, Tensor<T> auxiliary) => Run(inputs, output, auxiliary.Dense());

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        int columns = NormShape.Columns(at.OutputShape, axes), rows = dy.Length / columns;
        ReadOnlySpan<T> x = at.Input(0).Dense(), reciprocal = at.Auxiliary.Dense(), d = dy.Dense();
        if (input == 0)
            Kernels.Normalization.RmsNorm.Backward(x, at.InputCount > 1 ? at.Input(1).Dense() : default, reciprocal, d, rows, columns, dx.Dense(), accumulate, ComputeContext.Current.Workers);
        else
            Kernels.Normalization.RmsNorm.BackwardWeight(x, reciprocal, d, rows, columns, dx.Dense(), accumulate, ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    protected override Tensor<T> Compose(Tensor<T>[] inputs)
    {
        Tensor<T> x = inputs[0];
        int[] last = [.. Enumerable.Range(x.Rank - axes, axes)];
        Tensor<T> y = x / (x.Square().Mean(last, keepAxes: true) + epsilon).Sqrt();
        return inputs.Length == 1 ? y : y * inputs[1];
    }

    private void Run(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, Span<T> reciprocal)
    {
        int columns = NormShape.Columns(output.Shape, axes);
        Kernels.Normalization.RmsNorm.Forward<T>(
            inputs[0].Dense(), inputs.Length > 1 ? inputs[1].Dense() : default, output.Length / columns, columns, epsilon, output.Dense(), reciprocal,
            ComputeContext.Current.Workers);
    }
}
