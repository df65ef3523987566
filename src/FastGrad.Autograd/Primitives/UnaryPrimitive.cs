using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.MatrixProduct;

namespace FastGrad.Autograd.Primitives;

/// <summary>y = f(x), element by element, for any unary operator.</summary>
/// <param name="op">The operator f.</param>
/// <typeparam name="TOperator">The operator's type.</typeparam>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class UnaryPrimitive<TOperator, T>(TOperator op) : ElementwisePrimitive<T>, IFinish<T>
    where TOperator : struct, IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The operator with its default attributes.</summary>
    public static UnaryPrimitive<TOperator, T> Instance { get; } = new(default);

    /// <summary>The primitive of an operator: for one without attributes, always the same object.</summary>
    public static UnaryPrimitive<TOperator, T> For(TOperator op) =>
        // A struct without fields has size 1; so has one with a single byte or bool, which is the default where that is 0.
        Unsafe.SizeOf<TOperator>() == 1 && Unsafe.As<TOperator, byte>(ref op) == 0 ? Instance : new(op);

    /// <inheritdoc/>
    public override string Name { get; } = OperatorName.Of(typeof(TOperator));

    /// <inheritdoc/>
    public override Residual Residual => TOperator.Residual;

    /// <inheritdoc/>
    public override bool IsDifferentiable => op is not INonDifferentiable;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => inputs[0].Shape;

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        Span<T> y = output.Dense();
        Unary.Apply(op, inputs[0].Dense(), y, workers: ComputeContext.WorkersFor(y.Length));
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => dy * Derivative(at);

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) => tangents[0]! * Derivative(at);

    /// <inheritdoc/>
    public override bool FusesBackward(int input, in Linearization<T> at) => true;

    /// <inheritdoc/>
    public override void Backward(int input, in Linearization<T> at, Tensor<T> dy, Tensor<T> dx, bool accumulate)
    {
        ReadOnlySpan<T> residual = TOperator.Residual switch
        {
            Residual.Output => at.Output.Dense(),
            Residual.Input => at.Input(0).Dense(),
            _ => default,
        };
        Unary.Backward(op, dy.Dense(), residual, dx.Dense(), accumulate, ComputeContext.WorkersFor(dx.Length));
    }

    internal override void Forward(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> w) => Unary.Apply(op, x, w);

    internal override void Backward(int input, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> w, ReadOnlySpan<T> dw, Span<T> d, bool accumulate) =>
        Unary.Backward(op, dw, TOperator.Residual switch { Residual.Output => w, Residual.Input => x, _ => default }, d, accumulate);

    internal override void Backward(in ElementGradient<T> at) => Unary.Backward(
        op, at.Dz.Dense(), TOperator.Residual switch { Residual.Output => at.Z!.Dense(), Residual.Input => at.X!.Dense(), _ => default }, at.D.Dense(), at.Accumulate);

    unsafe void IFinish<T>.FinishWithValue(IFinishable<T> product, Tensor<T> result, T* residual, nint columns)
    {
        ActivationEpilogue<TOperator, T> epilogue = new(op, null, residual, columns);
        product.Execute(result, BoundEpilogue<T>.Of(ref epilogue));
    }

    unsafe void IFinish<T>.FinishWithDerivative(IFinishable<T> product, Tensor<T> result, T* kept, nint columns)
    {
        DerivativeEpilogue<TOperator, T> epilogue = new(op, kept, columns);
        product.Execute(result, BoundEpilogue<T>.Of(ref epilogue));
    }

    internal override bool Computes(Primitive<T> other) =>
        other is UnaryPrimitive<TOperator, T> same && EqualityComparer<TOperator>.Default.Equals(same.Operator, op);

    /// <summary>The operator f, with its attributes.</summary>
    public TOperator Operator => op;

    // The operator's own derivative, recorded: primitives all the way, so it can be differentiated again.
    private Tensor<T> Derivative(in Linearization<T> at) => op.Derivative(TOperator.Residual switch
    {
        Residual.Output => new Recorded<T>(at.Output),
        Residual.Input => new Recorded<T>(at.Input(0)),
        _ => Recorded<T>.Create(T.Zero),
    }).Tensor;
}
