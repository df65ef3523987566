using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>ℓ = −α·y·σ(−z)^γ·log σ(z) − (1 − α)·(1 − y)·σ(z)^γ·log σ(−z): cross entropy that forgets what is already right.</summary>
/// <remarks>
/// Lin, Goyal, Girshick, He, Dollár 2017, arXiv:1708.02002, for targets y of 0 or 1; between them this is the mixture of both. Not convex
/// for γ &gt; 0. σ^γ is spelled e^(−γ·softplus), which keeps its digits where σ is near 0 or 1.
/// </remarks>
/// <param name="gamma">The focus γ ≥ 0; 0 gives weighted cross entropy.</param>
/// <param name="alpha">The weight α of positive examples, between 0 and 1.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct FocalTerm<T>(T gamma, T alpha) : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _gamma = gamma;
    private readonly T _alpha = alpha;

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One), alpha = V.Create(_alpha), gamma = V.Create(_gamma), zero = V.Create(T.Zero);
        V both = Log1p<T>.Of(Exp<T>.Of(-V.Abs(x))), right = V.Max(-x, zero) + both, wrong = V.Max(zero, x) + both; // −log σ(z), −log σ(−z)
        return alpha * y * Exp<T>.Of(-(gamma * wrong)) * right + (one - alpha) * (one - y) * Exp<T>.Of(-(gamma * right)) * wrong;
    }

    /// <summary>d·(−α·y·σ(−z)^γ·(γ·σ(z)·s₊ + σ(−z)) + (1 − α)·(1 − y)·σ(z)^γ·(γ·σ(−z)·s₋ + σ(z))) with s± = −log σ(±z).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One), alpha = V.Create(_alpha), gamma = V.Create(_gamma), zero = V.Create(T.Zero);
        V both = Log1p<T>.Of(Exp<T>.Of(-V.Abs(x))), right = V.Max(-x, zero) + both, wrong = V.Max(zero, x) + both;
        V up = Sigmoid<T>.Of(x), down = Sigmoid<T>.Of(-x);
        V positive = -(alpha * y * Exp<T>.Of(-(gamma * wrong)) * (gamma * up * right + down));
        V negative = (one - alpha) * (one - y) * Exp<T>.Of(-(gamma * right)) * (gamma * down * wrong + up);
        return d * (positive + negative);
    }

    /// <summary>d·(α·σ(−z)^γ·s₊ − (1 − α)·σ(z)^γ·s₋).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One), alpha = V.Create(_alpha), gamma = V.Create(_gamma), zero = V.Create(T.Zero);
        V both = Log1p<T>.Of(Exp<T>.Of(-V.Abs(x))), right = V.Max(-x, zero) + both, wrong = V.Max(zero, x) + both;
        return d * (alpha * Exp<T>.Of(-(gamma * wrong)) * right - (one - alpha) * Exp<T>.Of(-(gamma * right)) * wrong);
    }
}
