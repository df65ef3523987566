using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Elementwise.Operators;

/// <summary>y = log(x/(1 − x)), the inverse of the logistic function.</summary>
/// <remarks>
/// 2·artanh(2x − 1) for x ≥ ¼, where 2x − 1 is exact; log x − log(1 − x) below. Error below 4 ulp. −∞ at 0, ∞ at 1, NaN outside.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Logit<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(
            V.LessThan(x, V.Constant(0.25)),
            Log<T>.Of(x) - Log1p<T>.Of(-x),
            V.Constant(2) * Atanh<T>.Of(V.FusedMultiplyAdd(V.Constant(2), x, V.Create(T.NegativeOne))));

    /// <summary>1/(x(1 − x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Create(T.One) / (x * (V.Create(T.One) - x));
}
