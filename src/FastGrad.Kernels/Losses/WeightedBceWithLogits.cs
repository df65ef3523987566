using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>ℓ = −p·y·log σ(z) − (1 − y)·log(1 − σ(z)): <see cref="BceWithLogits{T}"/> with positive examples weighted by p.</summary>
/// <remarks>
/// Spelled (1 − y)·max(z, 0) + p·y·max(−z, 0) + (1 + (p − 1)·y)·log(1 + e^−|z|), whose terms have one sign: what is already right keeps its digits. Convex in z for p ≥ 0, with curvature (1 + (p − 1)y)·σ(1 − σ): smooth with constant
/// max(1, p)/4. As torch.nn.BCEWithLogitsLoss with pos_weight.
/// </remarks>
/// <param name="positiveWeight">The weight p of positive examples.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct WeightedBceWithLogits<T>(T positiveWeight) : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _extra = positiveWeight - T.One;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One), zero = V.Create(T.Zero), more = V.Create(_extra) * y;
        return (one - y) * V.Max(x, zero) + (y + more) * V.Max(-x, zero) + (one + more) * Log1p<T>.Of(Exp<T>.Of(-V.Abs(x)));
    }

    /// <summary>d·((1 − y)·σ(z) − p·y·σ(−z)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One);
        return d * ((one - y) * Sigmoid<T>.Of(x) - (y + V.Create(_extra) * y) * Sigmoid<T>.Of(-x));
    }

    /// <summary>d·((p − 1)·softplus(−z) − z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V tail = V.Max(-x, V.Create(T.Zero)) + Log1p<T>.Of(Exp<T>.Of(-V.Abs(x)));
        return d * (V.Create(_extra) * tail - x);
    }
}
