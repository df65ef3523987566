using System.Numerics;

namespace FastGrad.Autograd.Primitives;

/// <summary>An operation without a kernel: its value is made of other operations, its derivative is its own.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Composite<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The value, by other operations; they are not recorded.</summary>
    public abstract Tensor<T> Compose(ReadOnlySpan<Tensor<T>> inputs);

    /// <inheritdoc/>
    public sealed override Tensor<T> View(ReadOnlySpan<Tensor<T>> inputs)
    {
        using NoGrad off = new();
        return Compose(inputs).Detach();
    }

    /// <inheritdoc/>
    public sealed override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => View(inputs).Shape;

    /// <inheritdoc/>
    public sealed override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        View(inputs).CopyElements(output.Dense());
    }
}
