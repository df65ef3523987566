using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>Logarithms of positive normal numbers that are given in two parts: by a table in float, by a longer polynomial in double.</summary>
internal static class LogCore<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>log(x + low) for |low| ≤ ½ ulp of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfSum(V x, V low)
    {
        if (typeof(T) == typeof(float))
            return LogTable<V, T>.OfSum(x, low);
        V m = LogPolynomial<V, T>.Split(x, out V k);
        // Beyond 2⁶⁴ the correction vanishes; the bound keeps its power of two normal.
        V f = V.FusedMultiplyAdd(low, V.PowerOfTwo(-V.Min(k, V.Constant(64))), m - V.Create(T.One));
        return LogPolynomial<V, T>.Sum(f, k);
    }

    /// <summary>log 2x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfTwice(V x) => typeof(T) == typeof(float)
        ? LogTable<V, T>.Of(x, V.Create(T.NegativeOne))
        : LogPolynomial<V, T>.Of(x, V.Create(T.NegativeOne));
}
