using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Autograd.Primitives;

/// <summary>The variance along one axis, which stays with length 1: Σ(x − x̄)²/(n − c).</summary>
/// <param name="axis">The axis, counted from 0.</param>
/// <param name="correction">c: 1 for the unbiased estimate, 0 for the population's.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Variance<T>(int axis, int correction) : Primitive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "variance";

    /// <inheritdoc/>
    public override Residual Residual => Residual.Input;

    /// <inheritdoc/>
    public override Shape Infer(ReadOnlySpan<Tensor<T>> inputs) => AxisRun.Keep(inputs[0].Shape, axis, Name, mayBeEmpty: true);

    /// <inheritdoc/>
    public override void Forward(ReadOnlySpan<Tensor<T>> inputs, Tensor<T> output)
    {
        (int outer, int length, int inner) = AxisRun.Split(inputs[0].Shape, axis);
        T[] mean = ArrayPool<T>.Shared.Rent(output.Length);
        Kernels.Reductions.Variance.Along<T>(inputs[0].Dense(), outer, length, inner, correction, mean.AsSpan(0, output.Length), output.Dense());
        ArrayPool<T>.Shared.Return(mean);
    }

    /// <inheritdoc/>
    public override Tensor<T> Vjp(int input, in Linearization<T> at, Tensor<T> dy) => Slope(at.Input(0)) * dy;

    /// <inheritdoc/>
    public override Tensor<T> Jvp(in Linearization<T> at, ReadOnlySpan<Tensor<T>?> tangents) =>
        (Slope(at.Input(0)) * tangents[0]!).Sum([axis], keepAxes: true);

    // 2(x − x̄)/(n − c).
    private Tensor<T> Slope(Tensor<T> x) =>
        (x - x.Mean([axis], keepAxes: true)) * (T.CreateTruncating(2) / T.CreateTruncating(Math.Max(0, x.Shape[axis] - correction)));
}

/// <summary>√x with slope 0 at 0: the deviation of equal elements has subgradient 0, as torch.std.</summary>
internal readonly struct RootOfVariance<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Residual Residual => Residual.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Sqrt(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => ReciprocalOrZero<T>.Of(y) * V.Constant(0.5);
}

/// <summary>1/x, and 0 at 0.</summary>
internal readonly struct ReciprocalOrZero<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Residual Residual => Residual.Output;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V zero = V.Create(T.Zero);
        return V.Select(V.Equal(x, zero), zero, V.Create(T.One) / x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => Of(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => -(y * y);
}
