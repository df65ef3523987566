using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>Tensors one after another along an axis.</summary>
/// <param name="axis">The axis; the others must agree.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Concatenate<T>(int axis) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "concatenate";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs)
    {
        if (inputs.IsEmpty)
            throw new ArgumentException("Nothing to concatenate; expected at least one tensor.", nameof(inputs));
        Shape first = inputs[0].Shape;
        int normal = first.NormalizeAxis(axis);
        int[] axes = first.Axes.ToArray();
        axes[normal] = 0;
        foreach (Tensor<T> input in inputs)
        {
            bool fits = input.Rank == first.Rank;
            for (int i = 0; i < first.Rank && fits; i++)
                fits = i == normal || input.Shape[i] == first[i];
            if (!fits)
                throw new ArgumentException($"Shapes {first} and {input.Shape} cannot be joined along axis {normal}; expected equal lengths along all other axes.", nameof(inputs));
            axes[normal] += input.Shape[normal];
        }
        return Shape.Create(axes);
    }

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Span<T> y = output.Dense();
        int normal = output.Shape.NormalizeAxis(axis), outer = 1;
        for (int i = 0; i < normal; i++)
            outer *= output.Shape[i];
        int row = outer == 0 ? 0 : output.Length / outer, position = 0;
        foreach (Tensor<T> input in inputs)
        {
            ReadOnlySpan<T> x = input.Dense();
            int part = outer == 0 ? 0 : x.Length / outer;
            for (int o = 0; o < outer; o++)
                x.Slice(o * part, part).CopyTo(y[(o * row + position)..]);
            position += part;
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        int start = 0;
        for (int i = 0; i < input; i++)
            start += at.InputShape(i)[axis];
        return new Slice<T>(axis, start, at.InputShape(input)[axis]).Apply(dy);
    }

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        var all = new Tensor<T>[tangents.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] = tangents[i] ?? Tensor.Zeros<T>(at.InputShape(i));
        return Apply(all);
    }
}
