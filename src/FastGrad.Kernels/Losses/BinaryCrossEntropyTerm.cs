using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>ℓ = −y·log x − (1 − y)·log(1 − x): the cross entropy of the target y in [0, 1] with the probability x.</summary>
/// <remarks>
/// Convex in x. Each logarithm is held at −100 and more, as in torch.nn.BCELoss, so that certain and wrong is finite. From logits use
/// <see cref="BceWithLogits{T}"/>, which keeps its digits.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct BinaryCrossEntropyTerm<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One), least = V.Constant(-100);
        return -(y * V.Max(least, Log<T>.Of(x))) - (one - y) * V.Max(least, Log1p<T>.Of(-x)); // the second operand is what NaN gives
    }

    /// <summary>d·(x − y)/(x·(1 − x)), with the denominator at least 1e−12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One);
        return d * ((x - y) / V.Max(x * (one - x), V.Constant(1e-12)));
    }

    /// <summary>d·(log(1 − x) − log x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V least = V.Constant(-100);
        return d * (V.Max(least, Log1p<T>.Of(-x)) - V.Max(least, Log<T>.Of(x)));
    }
}
