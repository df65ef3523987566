using System.Numerics;
using FastGrad.Kernels.Attention;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>Self-attention of a fused projection: qkv […, time, 3·width], the heads' queries, then keys, then values; output […, time, width].</summary>
/// <remarks>The heads are read and their gradients written where they lie in the projection: no copy is made, and one pass gives all three gradients.</remarks>
/// <param name="heads">The number of heads, which divides the width.</param>
/// <param name="causal">Whether a position sees itself and earlier ones only.</param>
/// <param name="allowed">Where a key counts, broadcast to [batch, heads, time, time]; null for everywhere.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PackedAttention<T>(int heads, bool causal = false, Tensor<bool>? allowed = null) : Primitive<T>, ICounted
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "packed-attention";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Output;

    /// <inheritdoc/>
    internal override Storage? Attribute => allowed?.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        Shape x = inputs[0].Shape;
        if (x.Rank < 2 || x[-1] % (3 * heads) != 0)
            throw new ArgumentException($"Packed attention of {x} with {heads} heads; expected [..., time, 3·width], where the heads divide the width.", nameof(inputs));
        AttentionScores.CheckMask(allowed, Sizes(x));
        return Shape.Create([.. x.Axes[..^1], x[-1] / 3]);
    }

    // As if every position saw all others: two products forward, five backward.
    double ICounted.Flops(Shape x, Shape second, Shape y) => 4.0 * y.Length * x[-2];

    double ICounted.BackwardFlops(int input, Shape x, Shape second, Shape y) => 10.0 * y.Length * x[-2];

    /// <inheritdoc/>
    public override Shape? Auxiliary(ReadOnlySpan<Tensor<T>> inputs)
    {
        AttentionShape sizes = Sizes(inputs[0].Shape);
        return [sizes.Batch, heads, sizes.Queries];
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Run(inputs[0], output, default);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, Tensor<T> auxiliary) => Run(inputs[0], output, auxiliary.Dense());

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        Shape shape = at.InputShape(0);
        if (shape.Length == 0)
            return;
        AttentionShape sizes = Sizes(shape);
        int width = shape[-1] / 3;
        HeadLayout fused = Fused(sizes), output = HeadLayout.Interleaved(heads, sizes.Queries, sizes.Width);
        ReadOnlySpan<T> x = at.Input(0).Dense();
        Span<T> d = dx.Dense();
        ScaledDotProductAttention.Backward(
            sizes, AttentionScores.Scale<T>(sizes.Width), AttentionScores.Mask<T>(allowed, sizes), x, fused, x[width..], fused, x[(2 * width)..], fused,
            at.Output.Dense(), output, at.Auxiliary.Dense(), dy.Dense(), output, d, fused, d[width..], fused, d[(2 * width)..], fused,
            accumulate, ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        (Tensor<T> q, Tensor<T> k, Tensor<T> v) = Split(at.Input(0));
        AttentionScores.Adjoints<T> adjoints = new(q, k, v, null, Apart(dy), AttentionScores.Scale<T>(q.Shape[-1]), causal, allowed);
        Shape one = Shape.Create([1, .. q.Shape.Axes]);
        Tensor<T> stacked = TensorShapes.Concatenate(0, adjoints.Query.Reshape(one), adjoints.Key.Reshape(one), adjoints.Value.Reshape(one));
        return stacked.Permute(1, 3, 0, 2, 4).Reshape(at.InputShape(0));
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        (Tensor<T> q, Tensor<T> k, Tensor<T> v) = Split(at.Input(0));
        (Tensor<T> dq, Tensor<T> dk, Tensor<T> dv) = Split(tangents[0]!);
        Tensor<T> tangent = AttentionScores.Tangent(q, k, v, null, dq, dk, dv, null, AttentionScores.Scale<T>(q.Shape[-1]), causal, allowed);
        return tangent.Permute(0, 2, 1, 3).Reshape(at.OutputShape);
    }

    private void Run(Tensor<T> input, Tensor<T> output, Span<T> logSumExp)
    {
        if (input.Length == 0)
            return;
        AttentionShape sizes = Sizes(input.Shape);
        int width = input.Shape[-1] / 3;
        HeadLayout fused = Fused(sizes);
        ReadOnlySpan<T> x = input.Dense();
        ScaledDotProductAttention.Forward(
            sizes, AttentionScores.Scale<T>(sizes.Width), AttentionScores.Mask<T>(allowed, sizes), x, fused, x[width..], fused, x[(2 * width)..], fused,
            output.Dense(), HeadLayout.Interleaved(heads, sizes.Queries, sizes.Width), logSumExp, ComputeContext.Current.Workers);
    }

    private AttentionShape Sizes(Shape x)
    {
        int time = x[-2], width = x[-1] / 3 / heads, row = x[-1] * time;
        return new(row == 0 ? 0 : x.Length / row, heads, time, time, width, width, causal);
    }

    private static HeadLayout Fused(in AttentionShape s) => new(3 * s.Queries * s.Heads * s.Width, s.Width, 3 * s.Heads * s.Width);

    // [batch, heads, time, width] of each part.
    private (Tensor<T> Query, Tensor<T> Key, Tensor<T> Value) Split(Tensor<T> x)
    {
        AttentionShape s = Sizes(x.Shape);
        Tensor<T> parts = x.Reshape([s.Batch, s.Queries, 3, heads, s.Width]).Permute(2, 0, 3, 1, 4);
        return (parts.Select(0, 0), parts.Select(0, 1), parts.Select(0, 2));
    }

    private Tensor<T> Apart(Tensor<T> y)
    {
        int time = y.Shape[-2], width = y.Shape[-1] / heads;
        return y.Reshape([y.Length / Math.Max(1, time * heads * width), time, heads, width]).Permute(0, 2, 1, 3);
    }
}
