using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;

namespace FastGrad.Kernels.Simd;

/// <summary>A dual number v + t·ε with ε² = 0: running a formula on it yields the value and the directional derivative at once.</summary>
/// <remarks>
/// At ties and kinks the derivative is that of the branch the value takes; |x| has slope 1 at 0.
/// Nested (<c>Dual&lt;Dual&lt;V, T&gt;, T&gt;</c>) it yields second derivatives; deeper nesting is not supported under NativeAOT.
/// </remarks>
/// <param name="value">The value v.</param>
/// <param name="tangent">The tangent t.</param>
/// <typeparam name="V">The type of value and tangent.</typeparam>
/// <typeparam name="T">The lane type: <see cref="float"/> or <see cref="double"/>.</typeparam>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
public readonly struct Dual<V, T>(V value, V tangent) : IArithmetic<Dual<V, T>, T>
    where V : struct, IArithmetic<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The value v.</summary>
    public V Value { get; } = value;

    /// <summary>The tangent t.</summary>
    public V Tangent { get; } = tangent;

    private static V Zero => V.Create(T.Zero);

    /// <summary>x + 1·ε: the variable with respect to which to differentiate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Variable(V x) => new(x, V.Create(T.One));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Create(T value) => new(V.Create(value), Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Constant(double value) => new(V.Constant(value), Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> operator +(Dual<V, T> left, Dual<V, T> right) =>
        new(left.Value + right.Value, left.Tangent + right.Tangent);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> operator -(Dual<V, T> left, Dual<V, T> right) =>
        new(left.Value - right.Value, left.Tangent - right.Tangent);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> operator *(Dual<V, T> left, Dual<V, T> right) =>
        new(left.Value * right.Value, V.FusedMultiplyAdd(left.Value, right.Tangent, left.Tangent * right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> operator /(Dual<V, T> left, Dual<V, T> right)
    {
        V quotient = left.Value / right.Value;
        return new(quotient, (left.Tangent - quotient * right.Tangent) / right.Value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> operator -(Dual<V, T> value) => new(-value.Value, -value.Tangent);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> FusedMultiplyAdd(Dual<V, T> left, Dual<V, T> right, Dual<V, T> addend) => new(
        V.FusedMultiplyAdd(left.Value, right.Value, addend.Value),
        V.FusedMultiplyAdd(left.Value, right.Tangent, V.FusedMultiplyAdd(left.Tangent, right.Value, addend.Tangent)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Sqrt(Dual<V, T> x)
    {
        V root = V.Sqrt(x.Value);
        return new(root, x.Tangent / (root + root));
    }

    /// <summary>|x|, with slope 1 at 0.</summary>
    /// <remarks>
    /// Bodies of smooth functions are spelled with |x| and a selection by x &lt; 0: the slope at 0 must be that of the branch taken there. A
    /// slope of 0 would give such a body half a derivative. An operator with a real kink states its own convention in its derivative.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Abs(Dual<V, T> x) => new(
        V.Abs(x.Value),
        V.Select(V.LessThan(x.Value, Zero), -x.Tangent, x.Tangent));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Min(Dual<V, T> left, Dual<V, T> right) => Select(LessThan(left, right), left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Max(Dual<V, T> left, Dual<V, T> right) => Select(GreaterThan(left, right), left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Round(Dual<V, T> x) => new(V.Round(x.Value), Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Floor(Dual<V, T> x) => new(V.Floor(x.Value), Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Ceiling(Dual<V, T> x) => new(V.Ceiling(x.Value), Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Truncate(Dual<V, T> x) => new(V.Truncate(x.Value), Zero);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> CopySign(Dual<V, T> magnitude, Dual<V, T> sign)
    {
        V signed = V.CopySign(magnitude.Value, sign.Value);
        return new(signed, V.Select(V.Equal(signed, magnitude.Value), magnitude.Tangent, -magnitude.Tangent));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> GreaterThan(Dual<V, T> left, Dual<V, T> right) => Mask(V.GreaterThan(left.Value, right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> GreaterThanOrEqual(Dual<V, T> left, Dual<V, T> right) => Mask(V.GreaterThanOrEqual(left.Value, right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> LessThan(Dual<V, T> left, Dual<V, T> right) => Mask(V.LessThan(left.Value, right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Equal(Dual<V, T> left, Dual<V, T> right) => Mask(V.Equal(left.Value, right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> And(Dual<V, T> left, Dual<V, T> right) => Mask(V.And(left.Value, right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Or(Dual<V, T> left, Dual<V, T> right) => Mask(V.Or(left.Value, right.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Not(Dual<V, T> mask) => Mask(V.Not(mask.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Select(Dual<V, T> mask, Dual<V, T> ifTrue, Dual<V, T> ifFalse) => new(
        V.Select(mask.Value, ifTrue.Value, ifFalse.Value),
        V.Select(mask.Value, ifTrue.Tangent, ifFalse.Tangent));

    /// <inheritdoc/>
    /// <remarks>The chain rule: f(v + t·ε) = f(v) + f′(v)·t·ε, with the function's own derivative.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Apply<TFunction>(TFunction function, Dual<V, T> x)
        where TFunction : struct, IFunction<T>
    {
        V y = V.Apply(function, x.Value);
        return new(y, x.Tangent * function.Derivative(TFunction.Residual == Residual.Output ? y : x.Value));
    }

    /// <inheritdoc/>
    /// <remarks>The chain rule with the function's own partial derivatives.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<V, T> Apply<TFunction>(TFunction function, Dual<V, T> x, Dual<V, T> y)
        where TFunction : struct, IBinaryFunction<T>
    {
        V z = V.Apply(function, x.Value, y.Value);
        return new(z, function.Left(x.Value, y.Value, z, x.Tangent) + function.Right(x.Value, y.Value, z, y.Tangent));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Dual<V, T> Mask(V mask) => new(mask, Zero);
}

/// <summary>Derivatives by dual numbers.</summary>
public static class Dual
{
    /// <summary>f′(x): the operator's body on x + ε. The default derivative of an operator that reads its input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Derivative<TOperator, V, T>(TOperator op, V x)
        where TOperator : struct, IUnaryOperator<T>
        where V : struct, IArithmetic<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => op.Value(Dual<V, T>.Variable(x)).Tangent;
}
