using System.Numerics;
using FastGrad.Kernels.Elementwise;
using Kernel = FastGrad.Kernels.Normalization.LayerNorm;

namespace FastGrad.Autograd.Primitives;

/// <summary>Layer normalization over the last axes: y = (x − μ)/√(σ² + ε)·w + b.</summary>
/// <remarks>Inputs: x, then weight and bias, or neither, or a weight alone. The kernel leaves μ and 1/√(σ² + ε) of each row for backward.</remarks>
/// <param name="axes">How many axes from the last on are normalized together.</param>
/// <param name="epsilon">ε.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LayerNorm<T>(int axes, T epsilon) : FusedPrimitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "layer-norm";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape shape = inputs[0].Shape;
        NormShape.Check(shape, axes, Name);
        for (int i = 1; i < inputs.Length; i++)
            NormShape.CheckParameter(inputs[i].Shape, shape, axes, i == 1 ? "weight" : "bias", Name);
        return shape;
    }

    /// <inheritdoc/>
    public override Shape? Auxiliary(ReadOnlySpan<Tensor<T>> inputs) => [2, NormShape.Rows(inputs[0].Shape, axes)];

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
        ReadOnlySpan<T> x = at.Input(0).Dense(), moments = at.Auxiliary.Dense(), mean = moments[..rows], reciprocal = moments[rows..], d = dy.Dense();
        if (input == 0)
            Kernel.Backward(x, at.InputCount > 1 ? at.Input(1).Dense() : default, mean, reciprocal, d, rows, columns, dx.Dense(), accumulate, ComputeContext.Current.Workers);
        else if (input == 1)
            Kernel.BackwardParameters(x, mean, reciprocal, d, rows, columns, dx.Dense(), default, accumulate, ComputeContext.Current.Workers);
        else
            Kernels.Reductions.Sum.Along(d, 1, rows, columns, dx.Dense(), accumulate);
    }

    /// <inheritdoc/>
    protected override Tensor<T> Compose(Tensor<T>[] inputs)
    {
        Tensor<T> x = inputs[0];
        int[] last = [.. Enumerable.Range(x.Rank - axes, axes)];
        Tensor<T> centred = x - x.Mean(last, keepAxes: true);
        Tensor<T> y = centred / (centred.Square().Mean(last, keepAxes: true) + epsilon).Sqrt();
        return inputs.Length == 1 ? y : inputs.Length == 2 ? y * inputs[1] : y * inputs[1] + inputs[2];
    }

    private void Run(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, Span<T> moments)
    {
        int columns = NormShape.Columns(output.Shape, axes);
        Kernel.Forward<T>(
            inputs[0].Dense(), inputs.Length > 1 ? inputs[1].Dense() : default, inputs.Length > 2 ? inputs[2].Dense() : default,
            output.Length / columns, columns, epsilon, output.Dense(), moments[..(moments.Length / 2)], moments[(moments.Length / 2)..], ComputeContext.Current.Workers);
    }
}

/// <summary>The shapes of norms over the last axes.</summary>
internal static class NormShape
{
    public static int Columns(Shape shape, int axes)
    {
        int columns = 1;
        foreach (int axis in shape.Axes[^axes..])
            columns *= axis;
        return columns;
    }

    public static int Rows(Shape shape, int axes) => shape.Length / Columns(shape, axes);

    public static void Check(Shape shape, int axes, string operation)
    {
        if (axes < 1 || axes > shape.Rank || Columns(shape, axes) == 0)
            throw new ArgumentException($"{operation} over the last {axes} axes of shape {shape}; expected at least one axis, and none of them empty.", nameof(shape));
    }

    public static void CheckParameter(Shape parameter, Shape shape, int axes, string name, string operation)
    {
        if (!parameter.Axes.SequenceEqual(shape.Axes[^axes..]))
            throw new ArgumentException($"{operation} of shape {shape} over the last {axes} axes with a {name} of shape {parameter}; expected {Shape.Create(shape.Axes[^axes..])}.", name);
    }
}
