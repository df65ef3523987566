using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>The lower or upper triangle of the matrices in the last two axes; 0 elsewhere.</summary>
/// <param name="diagonal">The last diagonal of a lower triangle, the first of an upper one; 0 is the main one, positive ones lie above it.</param>
/// <param name="upper">Whether the upper triangle stays.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Triangle<T>(int diagonal, bool upper) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => upper ? "triu" : "tril";

    /// <inheritdoc/>
    public override Residual Residual => Residual.None;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => inputs[0].Rank >= 2
        ? inputs[0].Shape
        : throw new ArgumentException($"The triangle of a tensor of shape {inputs[0].Shape}; expected at least two axes.", nameof(inputs));

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        int rows = output.Shape[-2], columns = output.Shape[-1];
        ReadOnlySpan<T> x = inputs[0].Dense();
        Span<T> y = output.Dense();
        for (int start = 0, row = 0; start < y.Length; start += columns, row = row + 1 == rows ? 0 : row + 1)
        {
            int first = (int)Math.Clamp((long)row + diagonal + (upper ? 0 : 1), 0, columns); // where the upper part begins
            ReadOnlySpan<T> from = x.Slice(start, columns);
            Span<T> to = y.Slice(start, columns);
            to.Clear();
            if (upper)
                from[first..].CopyTo(to[first..]);
            else
                from[..first].CopyTo(to);
        }
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => Apply(dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Apply(tangents[0]!);
}
