using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>One value where the mask is true, x elsewhere; the mask broadcasts to x.</summary>
/// <param name="mask">The mask, contiguous; it is read in each run.</param>
/// <param name="value">What is filled in.</param>
/// <param name="fillsWhere">Which of the mask's values is filled.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MaskedFill<T>(Tensor<bool> mask, T value, bool fillsWhere = true) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<bool> _mask = mask.Contiguous();

    /// <inheritdoc/>
    public override string Name => "masked-fill";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    internal override Storage? Attribute => _mask.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => _mask.Shape.BroadcastsTo(inputs[0].Shape)
        ? inputs[0].Shape
        : throw new ArgumentException($"A mask of shape {_mask.Shape} for a tensor of shape {inputs[0].Shape}; expected one that broadcasts to it.", nameof(inputs));

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        ReadOnlySpan<T> x = inputs[0].Dense();
        ReadOnlySpan<bool> m = _mask.Dense();
        Span<T> y = output.Dense();
        BroadcastPlan plan = new(output.Shape, inputs[0].Shape, _mask.Shape);
        for (int run = 0; run < plan.Runs; run++)
        {
            ReadOnlySpan<bool> fills = m.Slice(plan.Start(1, run), plan.Extent(1));
            int start = run * plan.RunLength;
            for (int i = 0; i < plan.RunLength; i++)
                y[start + i] = fills[fills.Length == 1 ? 0 : i] == fillsWhere ? value : x[start + i];
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => new MaskedFill<T>(_mask, T.Zero, fillsWhere).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => new MaskedFill<T>(_mask, T.Zero, fillsWhere).Apply(tangents[0]!);
}
