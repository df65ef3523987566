using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Elementwise.Operators;

namespace FastGrad.Autograd.Primitives;

/// <summary>The sum over a run of neighbouring axes. Sums over others are several of these.</summary>
/// <param name="axis">The first axis, counted from 0.</param>
/// <param name="count">The number of axes.</param>
/// <param name="keepAxes">Whether they stay, with length 1.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Sum<T>(int axis, int count, bool keepAxes = true) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaxRank = 8;

    // Made once for each rank, since the sum of all elements ends most forward passes.
    private static readonly Sum<T>?[] s_all = new Sum<T>?[MaxRank + 1];

    /// <summary>The sum of all elements of tensors with a number of axes: a scalar.</summary>
    public static Sum<T> Of(int rank) => rank <= MaxRank ? s_all[rank] ??= new(0, rank, keepAxes: false) : new(0, rank, keepAxes: false);

    /// <inheritdoc/>
    public override string Name => "sum";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        if (!keepAxes && count == inputs[0].Rank)
            return Shape.Scalar;
        Span<int> axes = stackalloc int[Shape.MaxRank];
        ReadOnlySpan<int> from = inputs[0].Shape.Axes;
        from.CopyTo(axes);
        if (!keepAxes)
        {
            from[(axis + count)..].CopyTo(axes[axis..]);
            return Shape.Create(axes[..(from.Length - count)]);
        }
        axes.Slice(axis, count).Fill(1);
        return Shape.Create(axes[..from.Length]);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => Run(inputs[0], output, accumulate: false);

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        Shape x = at.InputShape(0);
        return (keepAxes || count == x.Rank ? dy : dy.Reshape(Kept(x))).BroadcastTo(x);
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    /// <remarks>Each element of dy goes to all elements that it is the sum of.</remarks>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        (int outer, int extent, int inner) = Split(at.InputShape(0));
        ReadOnlySpan<T> from = dy.Dense();
        Span<T> to = dx.Dense();
        if (inner == 1) // a run of the elements that one gradient goes to
            (extent, inner) = (1, extent);
        for (int run = 0; run < outer * extent; run++)
        {
            Span<T> piece = to.Slice(run * inner, inner);
            ReadOnlySpan<T> gradient = from.Length == outer && extent == 1 ? from.Slice(run, 1) : from.Slice(run / extent * inner, inner);
            if (accumulate)
                Binary.Apply(default(Add<T>), piece, gradient, piece);
            else if (gradient.Length == 1)
                piece.Fill(gradient[0]);
            else
                gradient.CopyTo(piece);
        }
    }

    internal override bool ReadsInputsOnly => true;

    internal override bool Computes(Primitive<T> other) => other is Sum<T> same && same.Axes == Axes;

    private (int Axis, int Count, bool KeepAxes) Axes => (axis, count, keepAxes);

    private Shape Kept(Shape x)
    {
        Span<int> axes = [.. x.Axes];
        axes.Slice(axis, count).Fill(1);
        return Shape.Create(axes);
    }

    private void Run(Tensor<T> x, Tensor<T> y, bool accumulate)
    {
        (int outer, int extent, int inner) = Split(x.Shape);
        Kernels.Reductions.Sum.Along<T>(x.Dense(), outer, extent, inner, y.Dense(), accumulate);
    }

    // The axes before the sum's, the sum's, and those after it, each as one.
    private (int Outer, int Extent, int Inner) Split(Shape x)
    {
        int outer = 1, extent = 1, inner = 1;
        for (int i = 0; i < x.Rank; i++)
        {
            if (i < axis)
                outer *= x[i];
            else if (i < axis + count)
                extent *= x[i];
            else
                inner *= x[i];
        }
        return (outer, extent, inner);
    }
}
