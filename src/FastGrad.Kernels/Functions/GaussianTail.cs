using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>(w + rest)·e^−(h + low): a slow function times the bell curve, what erfc and GELU's tail share.</summary>
/// <remarks>
/// e^−(h + low) = (1 + p)·2ⁿ, so the product is w + (rest + w·p + rest·p) and a scaling: w is exact, the bracket less than half of it, and one rounding counts.
/// Of a rounded value and a rounded exponential three would.
/// </remarks>
internal static class GaussianTail<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The product but for the power of two, and what rounding it left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scaled(V w, V rest, V h, V low, out V n, out V lost)
    {
        V p = ExpPolynomial<V, T>.Minus1(ExpPolynomial<V, T>.Reduce(-h, out n) - low);
        V correction = V.FusedMultiplyAdd(w + rest, p, rest), y = w + correction;
        lost = w - y + correction;
        return y;
    }
}
