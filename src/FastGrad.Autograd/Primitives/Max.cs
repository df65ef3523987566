using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>The largest element along one axis; NaN where there is one. Among equal elements the gradient goes to the first.</summary>
/// <param name="axis">The axis.</param>
/// <param name="keepAxis">Whether the axis stays, with length 1.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Max<T>(int axis, bool keepAxis = false) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "max";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape shape = inputs[0].Shape;
        if (shape[axis] == 0)
            throw new ArgumentException($"The maximum along axis {axis} of shape {shape}, which is empty, does not exist.", nameof(inputs));
        return shape.Reduce([axis], keepAxis);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Tensor<T> x = inputs[0];
        int normal = x.Shape.NormalizeAxis(axis), inner = x.StrideFromEnd(x.Rank - normal);
        Kernels.Reductions.Max.Along(x.Dense(), x.Length / Math.Max(1, x.Shape[normal] * inner), x.Shape[normal], inner, output.Dense(), accumulate: false);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        Chosen(at.Input(0), dy.Reshape(at.InputShape(0).Reduce([axis], keepAxes: true)));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        Chosen(at.Input(0), tangents[0]!).Sum([axis], keepAxis);

    // d where x is the first largest, 0 elsewhere. Selected, not multiplied: what is not chosen stays 0 beside an infinity too.
    private Tensor<T> Chosen(Tensor<T> x, Tensor<T> d)
    {
        Recorded<T> zero = Recorded<T>.Create(T.Zero), first = new(new FirstMaximum<T>(axis).Apply(x));
        return Recorded<T>.Select(Recorded<T>.GreaterThan(first, zero), new(d), zero).Tensor;
    }
}

/// <summary>1 at the first largest element along an axis, 0 elsewhere: where the gradient of <see cref="Max{T}"/> goes.</summary>
/// <param name="axis">The axis.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class FirstMaximum<T>(int axis) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "first-maximum";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override bool IsDifferentiable => false;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => inputs[0].Shape;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Tensor<T> x = inputs[0];
        ReadOnlySpan<T> values = x.Dense();
        Span<T> y = output.Dense();
        y.Clear();
        int normal = x.Shape.NormalizeAxis(axis), extent = x.Shape[normal], inner = x.StrideFromEnd(x.Rank - normal);
        int lines = values.Length == 0 ? 0 : values.Length / extent;
        for (int line = 0; line < lines; line++)
        {
            // The first of equals; the first NaN where there is one, as Max has it.
            int start = line / inner * extent * inner + line % inner, best = start;
            for (int k = 1; k < extent && !T.IsNaN(values[best]); k++)
            {
                T value = values[start + k * inner];
                if (value > values[best] || T.IsNaN(value))
                    best = start + k * inner;
            }
            y[best] = T.One;
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => Tensor.Zeros<T>(at.InputShape(0));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Tensor.Zeros<T>(at.OutputShape);
}
