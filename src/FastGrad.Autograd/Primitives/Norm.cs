using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Autograd.Primitives;

/// <summary>The p-norm (Σ|x|ᵖ)^(1/p) along one axis, which stays with length 1, for finite p &gt; 0.</summary>
/// <remarks>
/// ∂y/∂x = sign x·(|x|/y)^(p−1). Where y is 0 the gradient is 0, a subgradient for p ≥ 1; so it is where x is 0. Convex for p ≥ 1.
/// The 1-norm and the ∞-norm are made of |x|, sums and maxima.
/// </remarks>
/// <param name="axis">The axis, counted from 0.</param>
/// <param name="p">The exponent.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Norm<T>(int axis, double p) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "norm";

    /// <summary>The exponent p.</summary>
    public double Exponent => p;

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input | Residual.Output;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => AxisRun.Keep(inputs[0].Shape, axis, Name, mayBeEmpty: true);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        (int outer, int length, int inner) = AxisRun.Split(inputs[0].Shape, axis);
        Kernels.Reductions.Norm.Along<T>(inputs[0].Dense(), outer, length, inner, p, output.Dense());
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => Direction(at.Input(0), at.Output) * dy;

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        (Direction(at.Input(0), at.Output) * tangents[0]!).Sum([axis], keepAxes: true);

    // Of x/y, which is at most 1: nothing overflows that the norm itself does not.
    private Tensor<T> Direction(Tensor<T> x, Tensor<T> y)
    {
        Tensor<T> unit = x * y.Map(default(ReciprocalOrZero<T>));
        return p == 2 ? unit : unit.Map(new SignedPower<T>(T.CreateTruncating(p - 1)));
    }
}

/// <summary>sign x·|x|ᵉ, and 0 at 0 with slope 0.</summary>
internal readonly struct SignedPower<T>(T e) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Residual Residual => Residual.Input;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.CopySign(Power(x, e), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Create(e) * Power(x, e - T.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Power<V>(V x, T exponent)
        where V : struct, IArithmetic<V, T>
    {
        V zero = V.Create(T.Zero), magnitude = V.Abs(x), isZero = V.Equal(x, zero);
        return V.Select(isZero, zero, Exp<T>.Of(V.Create(exponent) * Log<T>.Of(V.Select(isZero, V.Create(T.One), magnitude))));
    }
}
