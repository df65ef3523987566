using System.Numerics;
using FastGrad.Autograd.Primitives;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Autograd;

/// <summary>A tensor that stands in for a value: running an operator's body on it records the body as primitives.</summary>
/// <remarks>
/// So a formula that was written once for vectors can be differentiated to any order. Each operation is the same IEEE operation that
/// a vector runs, so the recorded body gives the same bits as the fused kernel.
/// </remarks>
/// <param name="tensor">The tensor.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Recorded<T>(Tensor<T> tensor) : IArithmetic<Recorded<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The tensor.</summary>
    public Tensor<T> Tensor { get; } = tensor;

    /// <inheritdoc/>
    public static Recorded<T> Create(T value) => new(Autograd.Tensor.Scalar(value));

    /// <inheritdoc/>
    public static Recorded<T> Constant(double value) => Create(T.CreateTruncating(value));

    /// <inheritdoc/>
    public static Recorded<T> operator +(Recorded<T> left, Recorded<T> right) => Binary<Add<T>>(left, right);

    /// <inheritdoc/>
    public static Recorded<T> operator -(Recorded<T> left, Recorded<T> right) => Binary<Subtract<T>>(left, right);

    /// <inheritdoc/>
    public static Recorded<T> operator *(Recorded<T> left, Recorded<T> right) => Binary<Multiply<T>>(left, right);

    /// <inheritdoc/>
    public static Recorded<T> operator /(Recorded<T> left, Recorded<T> right) => Binary<Divide<T>>(left, right);

    /// <inheritdoc/>
    public static Recorded<T> operator -(Recorded<T> value) => Unary<Negate<T>>(value);

    /// <inheritdoc/>
    public static Recorded<T> FusedMultiplyAdd(Recorded<T> left, Recorded<T> right, Recorded<T> addend) =>
        new(TernaryPrimitive<FusedMultiplyAdd<T>, T>.Instance.Apply(left.Tensor, right.Tensor, addend.Tensor));

    /// <inheritdoc/>
    public static Recorded<T> Sqrt(Recorded<T> x) => Unary<Sqrt<T>>(x);

    /// <inheritdoc/>
    public static Recorded<T> Abs(Recorded<T> x) => Unary<Magnitude<T>>(x);

    /// <inheritdoc/>
    public static Recorded<T> Min(Recorded<T> left, Recorded<T> right) => Select(LessThan(left, right), left, right);

    /// <inheritdoc/>
    public static Recorded<T> Max(Recorded<T> left, Recorded<T> right) => Select(GreaterThan(left, right), left, right);

    /// <inheritdoc/>
    public static Recorded<T> Round(Recorded<T> x) => Unary<Round<T>>(x);

    /// <inheritdoc/>
    public static Recorded<T> Floor(Recorded<T> x) => Unary<Floor<T>>(x);

    /// <inheritdoc/>
    public static Recorded<T> Ceiling(Recorded<T> x) => Unary<Ceiling<T>>(x);

    /// <inheritdoc/>
    public static Recorded<T> Truncate(Recorded<T> x) => Unary<Truncate<T>>(x);

    /// <inheritdoc/>
    public static Recorded<T> CopySign(Recorded<T> magnitude, Recorded<T> sign) => Binary<CopySign<T>>(magnitude, sign);

    /// <inheritdoc/>
    public static Recorded<T> GreaterThan(Recorded<T> left, Recorded<T> right) => Binary<GreaterThan<T>>(left, right);

    /// <inheritdoc/>
    public static Recorded<T> GreaterThanOrEqual(Recorded<T> left, Recorded<T> right) => Binary<GreaterThanOrEqual<T>>(left, right);

    /// <inheritdoc/>
    public static Recorded<T> LessThan(Recorded<T> left, Recorded<T> right) => GreaterThan(right, left);

    /// <inheritdoc/>
    public static Recorded<T> Equal(Recorded<T> left, Recorded<T> right) => Binary<EqualTo<T>>(left, right);

    /// <inheritdoc/>
    public static Recorded<T> And(Recorded<T> left, Recorded<T> right) => Binary<MaskAnd<T>>(left, right);

    /// <inheritdoc/>
    public static Recorded<T> Or(Recorded<T> left, Recorded<T> right) => Binary<MaskOr<T>>(left, right);

    /// <inheritdoc/>
    public static Recorded<T> Not(Recorded<T> mask) => Unary<MaskNot<T>>(mask);

    /// <inheritdoc/>
    public static Recorded<T> Select(Recorded<T> mask, Recorded<T> ifTrue, Recorded<T> ifFalse) =>
        new(TernaryPrimitive<Select<T>, T>.Instance.Apply(mask.Tensor, ifTrue.Tensor, ifFalse.Tensor));

    /// <inheritdoc/>
    public static Recorded<T> Apply<TFunction>(TFunction function, Recorded<T> x)
        where TFunction : struct, IFunction<T> => new(UnaryPrimitive<TFunction, T>.For(function).Apply(x.Tensor));

    /// <inheritdoc/>
    public static Recorded<T> Apply<TFunction>(TFunction function, Recorded<T> x, Recorded<T> y)
        where TFunction : struct, IBinaryFunction<T> => new(BinaryPrimitive<TFunction, T>.For(function).Apply(x.Tensor, y.Tensor));

    private static Recorded<T> Unary<TOperator>(Recorded<T> x)
        where TOperator : struct, Kernels.Elementwise.IUnaryOperator<T> =>
        new(UnaryPrimitive<TOperator, T>.Instance.Apply(x.Tensor));

    private static Recorded<T> Binary<TOperator>(Recorded<T> left, Recorded<T> right)
        where TOperator : struct, Kernels.Elementwise.IBinaryOperator<T> =>
        new(BinaryPrimitive<TOperator, T>.Instance.Apply(left.Tensor, right.Tensor));
}
