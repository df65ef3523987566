using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise;

namespace FastGrad.Autograd;

/// <summary>A function with derivatives of the user's own: a more stable formula, a straight-through gradient, an implicit one.</summary>
/// <remarks>
/// The value is made of tensor operations, and so are the derivatives: they can be differentiated again. For an elementwise function a body
/// is enough: implement <see cref="IUnaryOperator{T}"/> and call <c>x.Map(op)</c>. For a kernel over spans derive from <see cref="Primitive{T}"/>.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CustomOperator<T> : Composite<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Func<Tensor<T>[], Tensor<T>> _value;
    private readonly Func<Tensor<T>[], Tensor<T>, Tensor<T>, int, Tensor<T>> _vjp;
    private readonly Func<Tensor<T>[], Tensor<T>, Tensor<T>?[], Tensor<T>>? _jvp;

    /// <summary>Names the function and its derivatives.</summary>
    /// <param name="name">What messages and dumps call it.</param>
    /// <param name="value">x ↦ y.</param>
    /// <param name="vjp">(x, y, dy, i) ↦ the gradient with respect to input i, in its shape.</param>
    /// <param name="jvp">(x, y, t) ↦ the output's tangent; a null tangent is zero. Left out, forward mode is refused.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public CustomOperator(
        string name,
        Func<Tensor<T>[], Tensor<T>> value,
        Func<Tensor<T>[], Tensor<T>, Tensor<T>, int, Tensor<T>> vjp,
        Func<Tensor<T>[], Tensor<T>, Tensor<T>?[], Tensor<T>>? jvp = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(vjp);
        (Name, _value, _vjp, _jvp) = (name, value, vjp, jvp);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Output;

    /// <inheritdoc/>
    public override bool Keeps(int input) => true;

    /// <inheritdoc/>
    public override Tensor<T> Compose(ReadOnlySpan<Tensor<T>> inputs) => _value(inputs.ToArray());

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => _vjp(Inputs(at), at.Output, dy, input);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The operator has no JVP.</exception>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => _jvp is null
        ? throw new NotSupportedException($"'{Name}' has no JVP; expected one in its constructor, for forward mode and Hessian-vector products.")
        : _jvp(Inputs(at), at.Output, tangents.ToArray());

    private static Tensor<T>[] Inputs(in Linearization<T> at)
    {
        var inputs = new Tensor<T>[at.InputCount];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = at.Input(i);
        return inputs;
    }
}
