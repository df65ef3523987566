using System.Numerics;

namespace FastGrad.Autograd.Primitives;

/// <summary>An operation with kernels for its value and its gradients, whose derivatives of any order come from a composition of others.</summary>
/// <remarks>Tests hold the kernels against the composition. Inputs that nothing keeps enter it linearly, so 0 stands in for them.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class FusedPrimitive<T> : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The same value, by other operations.</summary>
    protected abstract Tensor<T> Compose(Tensor<T>[] inputs);

    /// <inheritdoc/>
    public sealed override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy)
    {
        Tensor<T>[] point = Point(at);
        return Transforms.Vjp(x => Compose([.. point[..input], x, .. point[(input + 1)..]]), point[input]).Pullback(dy);
    }

    /// <inheritdoc/>
    public sealed override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents)
    {
        Tensor<T>[] point = Point(at);
        var all = new Tensor<T>[point.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] = tangents[i] ?? Tensor.Zeros<T>(at.InputShape(i));
        return Transforms.Jvp(Compose, point, all).Tangent;
    }

    private Tensor<T>[] Point(in Linearization<T> at)
    {
        var point = new Tensor<T>[at.InputCount];
        for (int i = 0; i < point.Length; i++)
            point[i] = Keeps(i) ? at.Input(i) : Tensor.Zeros<T>(at.InputShape(i));
        return point;
    }
}
