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
        Tensor<T> x = inputs[0].Contiguous();
        ReadOnlySpan<T> values = x.Dense();
        Span<T> y = output.Dense();
        int[] positions = FirstMaxima(x);
        for (int i = 0; i < positions.Length; i++)
            y[i] = values[positions[i]];
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) =>
        Selection(at.Input(0)) * dy.Reshape(at.InputShape(0).Reduce([axis], keepAxes: true));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        new Sum<T>([axis], keepAxis).Apply(Selection(at.Input(0)) * tangents[0]!);

    // 1 at each first maximum, 0 elsewhere: a constant where it is differentiated.
    private Tensor<T> Selection(Tensor<T> x)
    {
        Tensor<T> mask = Tensor.Zeros<T>(x.Shape);
        Span<T> elements = mask.Dense();
        foreach (int position in FirstMaxima(x.Contiguous()))
            elements[position] = T.One;
        return mask;
    }

    private int[] FirstMaxima(Tensor<T> x)
    {
        ReadOnlySpan<T> values = x.Dense();
        int normal = x.Shape.NormalizeAxis(axis), extent = x.Shape[normal], inner = 1;
        for (int i = normal + 1; i < x.Rank; i++)
            inner *= x.Shape[i];
        int[] positions = new int[x.Length / extent];
        for (int i = 0; i < positions.Length; i++)
        {
            int start = i / inner * extent * inner + i % inner, best = start;
            for (int k = 1; k < extent && !T.IsNaN(values[best]); k++)
            {
                T value = values[start + k * inner];
                if (value > values[best] || T.IsNaN(value))
                    best = start + k * inner;
            }
            positions[i] = best;
        }
        return positions;
    }
}
