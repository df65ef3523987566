using System.Numerics;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd.Primitives;

/// <summary>The product along one axis, which stays with length 1; 1 where it is empty.</summary>
/// <remarks>∂y/∂xᵢ is the product of the others, taken as such and not as y/xᵢ: right to any order where elements are 0.</remarks>
/// <param name="axis">The axis, counted from 0.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Product<T>(int axis) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "product";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => AxisRun.Keep(inputs[0].Shape, axis, Name, mayBeEmpty: true);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        (int outer, int length, int inner) = AxisRun.Split(inputs[0].Shape, axis);
        Kernels.Reductions.Product.Along<T>(inputs[0].Dense(), outer, length, inner, output.Dense(), accumulate: false);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => Others(at.Input(0), axis) * dy;

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        (Others(at.Input(0), axis) * tangents[0]!).Sum([axis], keepAxes: true);

    /// <summary>Of each element the product of the others along the axis: by halves, each times the product of the other half.</summary>
    internal static Tensor<T> Others(Tensor<T> x, int axis)
    {
        int n = x.Shape[axis];
        if (n <= 1)
            return Tensor.Ones<T>(x.Shape);
        Tensor<T> first = x.Slice(axis, 0, n / 2), second = x.Slice(axis, n / 2, n - n / 2);
        Product<T> product = new(axis);
        return TensorShapes.Concatenate(axis, Others(first, axis) * product.Apply(second), Others(second, axis) * product.Apply(first));
    }
}

/// <summary>The running product along one axis: yᵢ = x₀·x₁·…·xᵢ.</summary>
/// <param name="axis">The axis, counted from 0.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CumulativeProduct<T>(int axis) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "cumulative-product";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => inputs[0].Shape;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        (int outer, int length, int inner) = AxisRun.Split(inputs[0].Shape, axis);
        Kernels.Reductions.Cumulative.Product<T>(inputs[0].Dense(), outer, length, inner, output.Dense());
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => Pull(at.Input(0), dy);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => Push(at.Input(0), tangents[0]!);

    // By halves, as the value itself: y = [c(a), Πa·c(b)]. No division, so zeros are no exception.
    private Tensor<T> Pull(Tensor<T> x, Tensor<T> dy)
    {
        if (x.Shape[axis] <= 1)
            return dy;
        (Tensor<T> a, Tensor<T> b) = Halves(x);
        (Tensor<T> da, Tensor<T> db) = Halves(dy);
        Tensor<T> through = (db * Apply(b)).Sum([axis], keepAxes: true);
        return TensorShapes.Concatenate(axis, Pull(a, da) + Product<T>.Others(a, axis) * through, Pull(b, db * new Product<T>(axis).Apply(a)));
    }

    private Tensor<T> Push(Tensor<T> x, Tensor<T> t)
    {
        if (x.Shape[axis] <= 1)
            return t;
        (Tensor<T> a, Tensor<T> b) = Halves(x);
        (Tensor<T> ta, Tensor<T> tb) = Halves(t);
        Tensor<T> tangent = (Product<T>.Others(a, axis) * ta).Sum([axis], keepAxes: true);
        return TensorShapes.Concatenate(axis, Push(a, ta), new Product<T>(axis).Apply(a) * Push(b, tb) + tangent * Apply(b));
    }

    private (Tensor<T> First, Tensor<T> Second) Halves(Tensor<T> x)
    {
        int n = x.Shape[axis];
        return (x.Slice(axis, 0, n / 2), x.Slice(axis, n / 2, n - n / 2));
    }
}
