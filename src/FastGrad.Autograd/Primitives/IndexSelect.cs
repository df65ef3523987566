using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>Whole slices of an axis by index: y[…, i, …] = x[…, indices[i], …]. Along the first axis it is an embedding.</summary>
/// <param name="axis">The axis.</param>
/// <param name="indices">Any number of axes, which take the place of the one; from 0 to its length − 1, read and checked in each run.</param>
/// <param name="padding">An index whose slices get no gradient; −1 for none.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class IndexSelect<T>(int axis, Tensor<int> indices, int padding = -1) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<int> _indices = indices.Contiguous();

    /// <inheritdoc/>
    public override string Name => "index-select";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    internal override Storage? Attribute => _indices.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape x = inputs[0].Shape;
        int normal = x.NormalizeAxis(axis);
        return Shape.Create([.. x.Axes[..normal], .. _indices.Shape.Axes, .. x.Axes[(normal + 1)..]]);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        AxisSplit split = new(inputs[0].Shape, axis);
        Kernels.Indexing.IndexSelect.Copy<T>(inputs[0].Dense(), _indices.Dense(), split.Outer, split.Length, split.Inner, output.Dense());
    }

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        AxisSplit split = new(dx.Shape, axis);
        Span<T> target = dx.Dense();
        if (!accumulate)
            target.Clear();
        Kernels.Indexing.IndexSelect.Add(dy.Dense(), _indices.Dense(), split.Outer, split.Length, split.Inner, target, padding, ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        int normal = at.InputShape(0).NormalizeAxis(axis);
        return new IndexSum<T>(normal, _indices, at.InputShape(0)[normal], padding).Apply(dy);
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        // The derivative with respect to a padding slice is 0 by declaration, in both modes.
        Tensor<T> dx = tangents[0]!;
        if (padding < 0)
            return Apply(dx);
        int normal = dx.Shape.NormalizeAxis(axis);
        Tensor<bool> hidden = Tensor.Zeros<bool>(Shape.Create([dx.Shape[normal], .. dx.Shape.Axes[(normal + 1)..].ToArray().Select(_ => 1)]));
        int inner = hidden.Length / dx.Shape[normal];
        hidden.Dense().Slice(padding * inner, inner).Fill(true);
        return Apply(new MaskedFill<T>(hidden, T.Zero).Apply(dx));
    }
}

/// <summary>The sum of slices by index, on zeros: the transpose of <see cref="IndexSelect{T}"/>.</summary>
/// <param name="axis">The first of the axes that the indices' stand for, counted from 0.</param>
/// <param name="indices">From 0 to <paramref name="extent"/> − 1; each sum is a chain of additions in their order.</param>
/// <param name="extent">The length of the output's axis.</param>
/// <param name="padding">An index whose slices are left out; −1 for none.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class IndexSum<T>(int axis, Tensor<int> indices, int extent, int padding = -1) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tensor<int> _indices = indices.Contiguous();

    /// <inheritdoc/>
    public override string Name => "index-sum";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    internal override Storage? Attribute => _indices.Storage;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape x = inputs[0].Shape;
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        if (x.Rank < axis + _indices.Rank || !x.Axes.Slice(axis, _indices.Rank).SequenceEqual(_indices.Shape.Axes))
            throw new ArgumentException($"A sum of {x} by indices of shape {_indices.Shape} from axis {axis} on; expected these axes to be the same.", nameof(inputs));
        return Shape.Create([.. x.Axes[..axis], extent, .. x.Axes[(axis + _indices.Rank)..]]);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        AxisSplit split = new(output.Shape, axis);
        Span<T> y = output.Dense();
        y.Clear();
        Kernels.Indexing.IndexSelect.Add(inputs[0].Dense(), _indices.Dense(), split.Outer, extent, split.Inner, y, padding, ComputeContext.Current.Workers);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        Tensor<T> selected = new IndexSelect<T>(axis, _indices).Apply(dy);
        return padding < 0 ? selected : new MaskedFill<T>(Padded(at.InputShape(0)), T.Zero).Apply(selected);
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);

    private Tensor<bool> Padded(Shape x)
    {
        Tensor<bool> mask = Tensor.Zeros<bool>(Shape.Create([.. _indices.Shape.Axes, .. x.Axes[(axis + _indices.Rank)..].ToArray().Select(_ => 1)]));
        Span<bool> all = mask.Dense();
        ReadOnlySpan<int> values = _indices.Dense();
        for (int i = 0; i < all.Length; i++)
            all[i] = values[i] == padding;
        return mask;
    }
}

/// <summary>A shape seen from one axis: what is before it, its length, what is after it.</summary>
internal readonly struct AxisSplit
{
    public AxisSplit(Shape shape, int axis)
    {
        int normal = shape.NormalizeAxis(axis);
        (Outer, Length, Inner) = (1, shape[normal], 1);
        for (int i = 0; i < shape.Rank; i++)
        {
            if (i < normal)
                Outer *= shape[i];
            else if (i > normal)
                Inner *= shape[i];
        }
    }

    public int Outer { get; }

    public int Length { get; }

    public int Inner { get; }
}
