using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>ℓ = max(z, 0) − z·y + log(1 + e^−|z|): the cross entropy of the target y in [0, 1] with σ(z), from the logit z.</summary>
/// <remarks>
/// Equal to −y·log σ(z) − (1 − y)·log(1 − σ(z)), without overflow and without log 0 for any finite z. Convex in z, with curvature
/// σ(z)(1 − σ(z)): smooth with constant ¼, strictly but not strongly convex. Targets outside [0, 1] are not checked.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct BceWithLogits<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> =>
        V.Max(V.Create(T.Zero), x) - x * y + Log1p<T>.Of(Exp<T>.Of(-V.Abs(x)));

    /// <summary>d·(σ(z) − y).</summary>
    /// <remarks>
    /// Spelled (1 − y)·σ(z) − y·σ(−z) with one exponential: for y = 1 and large z the difference σ(z) − 1 would have no digits. The
    /// exponent −|z| is a selection and no absolute value: either branch is the function itself, so that derivatives of any order are
    /// right at 0 too, where |z| has none.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T>
    {
        V one = V.Create(T.One);
        V negative = V.LessThan(x, V.Create(T.Zero));
        V e = Exp<T>.Of(V.Select(negative, x, -x));
        V up = V.Select(negative, e, one); // σ(z)·(1 + e)
        V down = V.Select(negative, one, e); // σ(−z)·(1 + e)
        return d * (((one - y) * up - y * down) / (one + e));
    }

    /// <summary>−d·z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => -(d * x);
}
