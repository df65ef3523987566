using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Losses;

/// <summary>f(e) = log cosh e: about ½e² near 0, |e| − log 2 far out, smooth in between.</summary>
/// <remarks>
/// Convex, with slope tanh e and curvature 1 − tanh² e: smooth with constant 1, strictly but not strongly convex. Near 0 it is spelled
/// log(1 + 2·sinh²(e/2)), which keeps all digits of ½e²; far out |e| + log(1 + e^−2|e|) − log 2, which does not overflow.
/// Error below 4 ulp.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct LogCoshTerm<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V size = V.Abs(x), two = V.Constant(2), half = V.Constant(0.5);
        V near = V.Min(V.Create(T.One), size); // beyond 1 the other branch is taken, and eˣ must not overflow here
        V up = Expm1<T>.Of(half * near);
        V sinh = half * (up + up / (V.Create(T.One) + up)); // 1 − e^−a = (eᵃ − 1)/eᵃ
        V far = size + Log1p<T>.Of(Exp<T>.Of(-(two * size))) - V.Constant(0.693147180559945309417);
        return V.Select(V.LessThan(size, V.Create(T.One)), Log1p<T>.Of(two * sinh * sinh), far);
    }

    /// <summary>tanh e.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => Tanh<T>.Of(x);
}
