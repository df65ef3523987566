using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>A diagonal of two axes, which go away, as the last axis: a view.</summary>
/// <param name="offset">0 for the main diagonal; positive ones begin further along the second axis.</param>
/// <param name="first">The first axis.</param>
/// <param name="second">The second axis.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Diagonal<T>(int offset, int first, int second) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "diagonal";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        Shape x = inputs[0].Shape;
        (int a, int b) = Axes(x);
        int rows = x[a] + Math.Min(0, offset), columns = x[b] - Math.Max(0, offset);
        return Shape.Create([.. Others(x, a, b), Math.Max(0, Math.Min(rows, columns))]);
    }

    /// <inheritdoc/>
    public override Tensor<T> View(ReadOnlySpan<Tensor<T>> inputs)
    {
        Tensor<T> x = inputs[0];
        Shape shape = Infer(inputs);
        (int a, int b) = Axes(x.Shape);
        int[] strides = x.Strides();
        int start = shape[-1] == 0 ? 0 : offset >= 0 ? offset * strides[b] : -offset * strides[a];
        return x.View(shape, [.. Others(strides, a, b), strides[a] + strides[b]], x.Offset + start);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => View(inputs).CopyElements(output.Dense());

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => new DiagonalEmbed<T>(at.InputShape(0), offset, first, second).Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);

    private (int First, int Second) Axes(Shape x)
    {
        int a = x.NormalizeAxis(first), b = x.NormalizeAxis(second);
        return a != b ? (a, b) : throw new ArgumentException($"A diagonal of axis {a} with itself, in shape {x}; expected two axes.", nameof(second));
    }

    private static IEnumerable<int> Others(Shape x, int a, int b) => Others(x.Axes.ToArray(), a, b);

    private static IEnumerable<int> Others(int[] values, int a, int b) => values.Where((_, axis) => axis != a && axis != b);
}

/// <summary>A diagonal on zeros: the transpose of <see cref="Diagonal{T}"/>.</summary>
/// <param name="shape">The output's shape.</param>
/// <param name="offset">0 for the main diagonal; positive ones begin further along the second axis.</param>
/// <param name="first">The first axis.</param>
/// <param name="second">The second axis.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DiagonalEmbed<T>(Shape shape, int offset, int first, int second) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Diagonal<T> _diagonal = new(offset, first, second);

    /// <inheritdoc/>
    public override string Name => "diagonal-embed";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => shape;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        output.Dense().Clear();
        Tensor<T> target = _diagonal.View([output]);
        if (target.Shape != inputs[0].Shape)
            throw new ArgumentException($"A diagonal of shape {inputs[0].Shape} in {shape}; expected {target.Shape}.", nameof(inputs));
        StridedCopy.Scatter<T>(inputs[0].Dense(), target.Elements(), target.Offset, target.Shape, target.Strides());
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => _diagonal.Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}
