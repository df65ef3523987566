using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>The same elements, in row-major order, under other axes: a view where strides can express it, else a copy.</summary>
/// <param name="shape">The new shape, with as many elements.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Reshape<T>(Shape shape) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "reshape";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => inputs[0].Length == shape.Length
        ? shape
        : throw new ArgumentException($"Reshape of {inputs[0].Shape} to {shape}: {inputs[0].Length} elements do not fill {shape.Length}.", nameof(inputs));

    /// <inheritdoc/>
    public override Tensor<T>? View(ReadOnlySpan<Tensor<T>> inputs)
    {
        Tensor<T> x = inputs[0];
        _ = Infer(inputs);
        if (x.IsContiguous)
            return x.View(shape, null, x.Offset);
        return Strides(x) is { } strides ? x.View(shape, strides, x.Offset) : null;
    }

    /// <inheritdoc/>
    public override bool AcceptsLayout(int input, Tensor<T> tensor) => true;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output) => inputs[0].CopyElements(output.Dense());

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => dy.Reshape(at.InputShape(0));

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => tangents[0]!.Reshape(shape);

    // Runs of old and new axes with equal products must each lie in memory as one axis would.
    private int[]? Strides(Tensor<T> x)
    {
        Shape old = x.Shape;
        int[] from = x.Strides(), to = new int[shape.Rank];
        if (old.Length == 0)
            return null;
        for (int i = 0, j = 0; i < old.Rank || j < shape.Rank;)
        {
            int firstOld = i, firstNew = j, a = 1, b = 1;
            do
            {
                if (a <= b && i < old.Rank)
                    a *= old[i++];
                else if (j < shape.Rank)
                    b *= shape[j++];
                else
                    a *= old[i++];
            }
            while (a != b);
            int stride = 1, next = 0;
            bool any = false;
            for (int axis = i - 1; axis >= firstOld; axis--)
            {
                if (old[axis] == 1)
                    continue;
                if (any && from[axis] != next)
                    return null;
                if (!any)
                    stride = from[axis];
                next = from[axis] * old[axis];
                any = true;
            }
            for (int axis = j - 1; axis >= firstNew; axis--)
            {
                to[axis] = stride;
                stride *= shape[axis];
            }
        }
        return to;
    }
}
