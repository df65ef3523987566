using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>w = f(x, y, z), element by element with broadcasting, for any ternary operator.</summary>
/// <param name="op">The operator f.</param>
/// <typeparam name="TOperator">The operator's type.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TernaryPrimitive<TOperator, T>(TOperator op) : Primitive<T>
    where TOperator : struct, ITernaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The operator with its default attributes.</summary>
    public static TernaryPrimitive<TOperator, T> Instance { get; } = new(default);

    /// <inheritdoc/>
    public override string Name { get; } = OperatorName.Of(typeof(TOperator));

    /// <inheritdoc/>
    public override Residual Residual => TOperator.Residual;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) =>
        Shape.Broadcast(Shape.Broadcast(inputs[0].Shape, inputs[1].Shape), inputs[2].Shape);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        ReadOnlySpan<T> x = inputs[0].Dense(), y = inputs[1].Dense(), z = inputs[2].Dense();
        Span<T> w = output.Dense();
        BroadcastPlan plan = new(output.Shape, inputs[0].Shape, inputs[1].Shape, inputs[2].Shape);
        for (int run = 0; run < plan.Runs; run++)
        {
            Ternary.Apply(
                op,
                x.Slice(plan.Start(0, run), plan.Extent(0)),
                y.Slice(plan.Start(1, run), plan.Extent(1)),
                z.Slice(plan.Start(2, run), plan.Extent(2)),
                w.Slice(run * plan.RunLength, plan.RunLength));
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dw) =>
        Partial(input, at, dw).BroadcastTo(at.OutputShape).SumTo(at.InputShape(input)); // a constant partial is a scalar until here

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T>? sum = null;
        for (int input = 0; input < 3; input++)
        {
            if (tangents[input] is { } d)
                sum = sum is null ? Partial(input, at, d) : sum + Partial(input, at, d);
        }
        return sum!.BroadcastTo(at.OutputShape);
    }

    // Fused backward is the functional one: ternary operators are rare outside derivatives of derivatives.
    private Tensor<T> Partial(int input, in Linearization<T> at, Tensor<T> d)
    {
        Recorded<T> x = Keeps(0) ? new(at.Input(0)) : default;
        Recorded<T> y = Keeps(1) ? new(at.Input(1)) : default;
        Recorded<T> z = Keeps(2) ? new(at.Input(2)) : default;
        Recorded<T> t = new(d);
        return (input switch { 0 => op.First(x, y, z, t), 1 => op.Second(x, y, z, t), _ => op.Third(x, y, z, t) }).Tensor;
    }
}
