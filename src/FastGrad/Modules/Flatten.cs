using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Modules;

/// <summary>All axes from <paramref name="start"/> on as one: [batch, channels, rows, columns] becomes [batch, features].</summary>
/// <param name="start">The first of these axes; 1 keeps the batch.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Flatten<T>(int start = 1) : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Flatten(start);
    }

    internal override string Attributes => $"({start})";
}

/// <summary>One axis as several: [batch, features] becomes [batch, channels, rows, columns]. The batch stays.</summary>
/// <param name="shape">The axes in place of the last one.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Unflatten<T>(Shape shape) : Module<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Reshape(Shape.Create([.. x.Shape.Axes[..^1], .. shape.Axes]));
    }

    internal override string Attributes => $"({shape})";
}
