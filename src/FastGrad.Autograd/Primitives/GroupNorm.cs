using System.Buffers;
using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Normalization;

namespace FastGrad.Autograd.Primitives;

/// <summary>Group normalization of x [N, C, …]: y = (x − μ)/√(σ² + ε)·w + b with one μ and σ² for each group of channels of each example.</summary>
/// <remarks>Inputs: x, then weight and bias, or neither, or a weight alone. The kernel leaves μ and 1/√(σ² + ε) for backward.</remarks>
/// <param name="groups">The number of groups.</param>
/// <param name="epsilon">ε.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GroupNorm<T>(int groups, T epsilon) : FusedPrimitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "group-norm";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape shape = inputs[0].Shape;
        ChannelAxes.Check(shape, Name);
        if (groups < 1 || shape[1] % groups != 0 || shape.Length == 0)
            throw new ArgumentException($"{Name} of shape {shape} in {groups} groups; expected groups that divide the {shape[1]} channels, and at least one element.", nameof(inputs));
        for (int i = 1; i < inputs.Length; i++)
            ChannelAxes.CheckParameter(inputs[i].Shape, shape, i == 1 ? "weight" : "bias", Name);
        return shape;
    }

    /// <inheritdoc/>
    public override Shape? Auxiliary(ReadOnlySpan<Tensor<T>> inputs) => [2, inputs[0].Shape[0] * groups];

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        T[] moments = ArrayPool<T>.Shared.Rent(2 * output.Shape[0] * groups);
        Run(inputs, output, moments.AsSpan(0, 2 * output.Shape[0] * groups));
        ArrayPool<T>.Shared.Return(moments);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, Tensor<T> auxiliary) => Run(inputs, output, auxiliary.Dense());

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        ReadOnlySpan<T> x = at.Input(0).Dense(), moments = at.Auxiliary.Dense(), d = dy.Dense();
        ReadOnlySpan<T> mean = moments[..(moments.Length / 2)], reciprocal = moments[(moments.Length / 2)..];
        ChannelShape shape = ChannelAxes.Of(at.OutputShape);
        if (input == 0)
            Kernels.Normalization.GroupNorm.Backward(x, at.InputCount > 1 ? at.Input(1).Dense() : default, mean, reciprocal, d, shape, groups, dx.Dense(), accumulate, ComputeContext.Current.Workers);
        else
            Kernels.Normalization.GroupNorm.BackwardParameters(
                x, mean, reciprocal, d, shape, groups, input == 1 ? dx.Dense() : default, input == 2 ? dx.Dense() : default, accumulate, ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    protected override Tensor<T> Compose(Tensor<T>[] inputs)
    {
        Tensor<T> x = inputs[0], grouped = x.Reshape([x.Shape[0], groups, x.Length / (x.Shape[0] * groups)]);
        Tensor<T> centred = grouped - grouped.Mean([2], keepAxes: true);
        Tensor<T> y = (centred / (centred.Square().Mean([2], keepAxes: true) + epsilon).Sqrt()).Reshape(x.Shape);
        Shape row = ChannelAxes.Row(x.Shape);
        return inputs.Length == 1 ? y : inputs.Length == 2 ? y * inputs[1].Reshape(row) : y * inputs[1].Reshape(row) + inputs[2].Reshape(row);
    }

    private void Run(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, Span<T> moments) => Kernels.Normalization.GroupNorm.Forward<T>(
        inputs[0].Dense(), inputs.Length > 1 ? inputs[1].Dense() : default, inputs.Length > 2 ? inputs[2].Dense() : default,
        ChannelAxes.Of(output.Shape), groups, epsilon, output.Dense(), moments[..(moments.Length / 2)], moments[(moments.Length / 2)..], ComputeContext.Current.Workers);
}
