using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Activations;

/// <summary>Piecewise quadratic swish: y = x·min(max(x + 3, 0), 6)/6.</summary>
/// <remarks>
/// Howard et al. 2019, arXiv:1905.02244. Sum, product and quotient in two parts: error below 0.6 ulp. Slopes at the seams as in PyTorch 2.10: 0 at −3 and 1 at 3.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct HardSwish<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V three = V.Constant(3), six = V.Constant(6);
        V b = V.Min(three, V.Max(-three, x));
        V s = b + three, sLow = b - (s - three);
        V p = b * s, pLow = V.FusedMultiplyAdd(b, s, -p) + b * sLow; // b·(b + 3) in two parts
        V q = p / six;
        V y = V.FusedMultiplyAdd(V.FusedMultiplyAdd(-q, six, p) + pLow, V.Constant(1.0 / 6), q);
        return V.Select(V.GreaterThan(x, three), x, V.CopySign(y, x));
    }

    /// <summary>0 for x ≤ −3, 1 for x ≥ 3, x/3 + ½ between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Select(
            V.LessThanOrEqual(x, V.Constant(-3)),
            V.Create(T.Zero),
            V.Select(V.GreaterThanOrEqual(x, V.Constant(3)), V.Create(T.One), x / V.Constant(3) + V.Constant(0.5)));
}
