using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>x where the condition holds, else y; all three broadcast. The side that is not taken gets 0, whatever it holds.</summary>
/// <param name="condition">The condition, contiguous; it is read in each run.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Where<T>(Tensor<bool> condition) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<bool> _condition = condition.Contiguous();

    /// <inheritdoc/>
    public override string Name => "where";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    internal override Storage? Attribute => _condition.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => Shape.Broadcast(Shape.Broadcast(inputs[0].Shape, inputs[1].Shape), _condition.Shape);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        ReadOnlySpan<T> x = inputs[0].Dense(), y = inputs[1].Dense();
        ReadOnlySpan<bool> all = _condition.Dense();
        Span<T> z = output.Dense();
        BroadcastPlan plan = new(output.Shape, inputs[0].Shape, inputs[1].Shape, _condition.Shape);
        for (int run = 0; run < plan.Runs; run++)
        {
            ReadOnlySpan<T> a = x.Slice(plan.Start(0, run), plan.Extent(0)), b = y.Slice(plan.Start(1, run), plan.Extent(1));
            ReadOnlySpan<bool> takes = all.Slice(plan.Start(2, run), plan.Extent(2));
            Span<T> to = z.Slice(run * plan.RunLength, plan.RunLength);
            int aStep = a.Length == 1 ? 0 : 1, bStep = b.Length == 1 ? 0 : 1, step = takes.Length == 1 ? 0 : 1;
            for (int i = 0; i < to.Length; i++)
                to[i] = takes[i * step] ? a[i * aStep] : b[i * bStep];
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        new MaskedFill<T>(_condition, T.Zero, fillsWhere: input == 1).Apply(dy).SumTo(at.InputShape(input));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        Apply(tangents[0] ?? Tensor.Scalar(T.Zero), tangents[1] ?? Tensor.Scalar(T.Zero)).BroadcastTo(at.OutputShape);
}
