using System.Numerics;
using FastGrad.Kernels.Attention;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>softmax(scale·Q·Kᵀ + mask)·V: Q […, L, E], K […, S, E], V […, S, F], mask broadcast to […, L, S] (optional); output […, L, F].</summary>
/// <remarks>
/// Up to two axes before the last two; views are read as they lie, as long as rows are dense. Each of the three gradients has its own pass
/// over the scores, so self-attention trains faster through <see cref="PackedAttention{T}"/>. A mask's gradient is made functionally.
/// </remarks>
/// <param name="scale">The factor on scores.</param>
/// <param name="causal">Whether query i sees keys 0 … i only.</param>
/// <param name="allowed">Where a key counts, broadcast to […, L, S]; null for everywhere.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Attention<T>(T scale, bool causal = false, Tensor<bool>? allowed = null) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "attention";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Second | Residual.Third | Residual.Output;

    /// <inheritdoc/>
    internal override Storage? Attribute => allowed?.Storage;

    /// <inheritdoc/>
    public override bool Keeps(int input) => true;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape q = inputs[0].Shape, k = inputs[1].Shape, v = inputs[2].Shape;
        bool fits = q.Rank is >= 2 and <= 4 && k.Rank == q.Rank && v.Rank == q.Rank && q[-1] == k[-1] && k[-2] == v[-2]
            && q.Axes[..^2].SequenceEqual(k.Axes[..^2]) && q.Axes[..^2].SequenceEqual(v.Axes[..^2]);
        if (!fits)
            throw new ArgumentException($"Attention of queries {q}, keys {k} and values {v}; expected [..., L, E], [..., S, E] and [..., S, F] with the same axes before, at most two.", nameof(inputs));
        AttentionShape sizes = Sizes(q, k, v);
        AttentionScores.CheckMask(allowed, sizes);
        if (inputs.Length > 3)
            AttentionScores.CheckMask(inputs[3], sizes);
        if (inputs.Length > 3 && allowed is not null)
            throw new ArgumentException("Attention has a boolean and an additive mask; expected one of them.", nameof(inputs));
        return Shape.Create([.. q.Axes[..^1], v[-1]]);
    }

    /// <inheritdoc/>
    public override Shape? Auxiliary(ReadOnlySpan<Tensor<T>> inputs) => Shape.Create(inputs[0].Shape.Axes[..^1]);

    /// <inheritdoc/>
    public override bool AcceptsLayout(int input, Tensor<T> tensor) =>
        tensor.IsContiguous || (input < 3 && tensor.Rank >= 2 && tensor.StrideFromEnd(1) == 1 && tensor.StrideFromEnd(2) >= 0);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Run(inputs, output, default);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, Tensor<T> auxiliary) => Run(inputs, output, auxiliary.Dense());

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => input < 3;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        Tensor<T> q = at.Input(0), k = at.Input(1), v = at.Input(2);
        AttentionShape sizes = Sizes(q.Shape, k.Shape, v.Shape);
        HeadLayout output = HeadLayout.Dense(sizes.Heads, sizes.Queries, sizes.ValueWidth), keys = HeadLayout.Dense(sizes.Heads, sizes.Keys, sizes.Width);
        Span<T> d = dx.Dense();
        ScaledDotProductAttention.Backward(
            sizes, scale, Mask(sizes, at.InputCount > 3 ? at.Input(3) : null), Rows(q), Layout(q), Rows(k), Layout(k), Rows(v), Layout(v),
            at.Output.Dense(), output, at.Auxiliary.Dense(), dy.Dense(), output,
            input == 0 ? d : default, HeadLayout.Dense(sizes.Heads, sizes.Queries, sizes.Width), input == 1 ? d : default, keys,
            input == 2 ? d : default, HeadLayout.Dense(sizes.Heads, sizes.Keys, sizes.ValueWidth), accumulate, ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        AttentionScores.Adjoints<T> adjoints = new(at.Input(0), at.Input(1), at.Input(2), at.InputCount > 3 ? at.Input(3) : null, dy, scale, causal, allowed);
        return input switch
        {
            0 => adjoints.Query,
            1 => adjoints.Key,
            2 => adjoints.Value,
            _ => adjoints.Scores.SumTo(at.InputShape(3)),
        };
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => AttentionScores.Tangent(
        at.Input(0), at.Input(1), at.Input(2), at.InputCount > 3 ? at.Input(3) : null,
        tangents[0], tangents[1], tangents[2], tangents.Length > 3 ? tangents[3] : null, scale, causal, allowed);

    private void Run(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output, Span<T> logSumExp)
    {
        Tensor<T> q = inputs[0], k = inputs[1], v = inputs[2];
        AttentionShape sizes = Sizes(q.Shape, k.Shape, v.Shape);
        ScaledDotProductAttention.Forward(
            sizes, scale, Mask(sizes, inputs.Length > 3 ? inputs[3] : null), Rows(q), Layout(q), Rows(k), Layout(k), Rows(v), Layout(v),
            output.Dense(), HeadLayout.Dense(sizes.Heads, sizes.Queries, sizes.ValueWidth), logSumExp, ComputeContext.Current.Workers);
    }

    private AttentionMask<T> Mask(in AttentionShape sizes, Tensor<T>? bias) =>
        bias is null ? AttentionScores.Mask<T>(allowed, sizes) : new(bias.Dense(), AttentionScores.MaskLayout(bias.Shape));

    private AttentionShape Sizes(Shape q, Shape k, Shape v) =>
        new(q.Rank > 3 ? q[0] : 1, q.Rank > 2 ? q[-3] : 1, q[-2], k[-2], q[-1], v[-1], causal);

    private static ReadOnlySpan<T> Rows(Tensor<T> x) => x.Elements()[x.Offset..];

    private static HeadLayout Layout(Tensor<T> x) =>
        new(x.Rank > 3 ? x.StrideFromEnd(4) : 0, x.Rank > 2 ? x.StrideFromEnd(3) : 0, x.StrideFromEnd(2));
}
