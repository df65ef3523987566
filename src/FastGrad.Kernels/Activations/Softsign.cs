using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Softsign: y = x/(1 + |x|).</summary>
/// <remarks>
/// Error below 1.5 ulp. ±1 for x → ±∞.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Softsign<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V a = V.Abs(x);
        V far = V.CopySign(V.Create(T.One) / (V.Create(T.One) + V.Create(T.One) / V.Max(V.Create(T.One), a)), x);
        return V.Select(V.LessThan(a, V.Create(T.One)), x / (V.Create(T.One) + a), V.Select(V.Equal(x, x), far, x));
    }

    /// <summary>1/(1 + |x|)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V r = V.Create(T.One) / (V.Create(T.One) + V.Abs(x));
        return r * r;
    }
}
