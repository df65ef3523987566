using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>1/√x.</summary>
/// <remarks>Two roundings: error below 1.5 ulp. No approximate instruction, since those differ between machines. ±∞ for ±0, 0 for ∞, NaN for x &lt; 0.</remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Rsqrt<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Output;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Create(T.One) / V.Sqrt(x);

    /// <summary>(1/√x)′ = −½·y³, halved first: y³ overflows where its half does not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => V.Constant(-0.5) * y * (y * y);
}
