using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>What exp and expm1 share: x = n·ln 2 + r with |r| ≤ ½ ln 2, and eʳ − 1.</summary>
/// <remarks>
/// ln 2 is taken in two parts, the first so short that n times it is exact and leaves r exact to the last digits. The polynomials
/// r + r²·q(r) are minimax fits (exchange algorithm in 50 digits, coefficients rounded one after the other from the lowest).
/// </remarks>
internal static class ExpPolynomial<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>n = x / ln 2 rounded to an integer; the remainder r = x − n·ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Reduce(V x, out V n)
    {
        n = V.Round(x * V.Constant(1.4426950408889634)); // 1 / ln 2
        if (typeof(T) == typeof(float))
        {
            V s = V.FusedMultiplyAdd(n, V.Constant(-0.693145751953125), x); // the first 16 bits of ln 2
            return V.FusedMultiplyAdd(n, V.Constant(-1.4286068203094172e-06), s);
        }
        V r = V.FusedMultiplyAdd(n, V.Constant(-6.93147180369123816490e-01), x); // the first 32 bits of ln 2
        return V.FusedMultiplyAdd(n, V.Constant(-1.90821492927058770002e-10), r);
    }

    /// <summary>eʳ − 1 for |r| ≤ ½ ln 2, to a relative error of 2^−30.7 (float) and 2^−61.6 (double) before rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Minus1(V r) => V.FusedMultiplyAdd(Quadratic(r) * r, r, r);

    /// <summary>e^(x + low) for small |low| and x within ScaleB's range of powers of two (|x| ≤ 173 or 1386).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V TwoParts(V x, V low)
    {
        V r = Reduce(x, out V n) + low;
        return V.ScaleB(Minus1(r) + V.Create(T.One), n);
    }

    /// <summary>½·eˣ for 0 ≤ x within ScaleB's range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Half(V x)
    {
        V r = Reduce(x, out V n);
        return V.ScaleB(Minus1(r) + V.Create(T.One), n - V.Create(T.One));
    }

    /// <summary>q(r) = (eʳ − 1 − r) / r².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Quadratic(V r) => typeof(T) == typeof(float) ? Single(r) : Double(r);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single(V r)
    {
        V q = V.Constant(0.0001965408300748095);
        q = V.FusedMultiplyAdd(q, r, V.Constant(0.0013932016445323825));
        q = V.FusedMultiplyAdd(q, r, V.Constant(0.00833367370069027));
        q = V.FusedMultiplyAdd(q, r, V.Constant(0.04166649281978607));
        q = V.FusedMultiplyAdd(q, r, V.Constant(0.1666666567325592));
        return V.FusedMultiplyAdd(q, r, V.Constant(0.5));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double(V r)
    {
        V q = V.Constant(2.0897985822176326e-09);
        q = V.FusedMultiplyAdd(q, r, V.Constant(2.5108651985448915e-08));
        q = V.FusedMultiplyAdd(q, r, V.Constant(2.7557315813675696e-07));
        q = V.FusedMultiplyAdd(q, r, V.Constant(2.755724520265586e-06));
        q = V.FusedMultiplyAdd(q, r, V.Constant(2.4801587294849578e-05));
        q = V.FusedMultiplyAdd(q, r, V.Constant(0.00019841269885348566));
        q = V.FusedMultiplyAdd(q, r, V.Constant(0.0013888888888886786));
        q = V.FusedMultiplyAdd(q, r, V.Constant(0.008333333333321775));
        q = V.FusedMultiplyAdd(q, r, V.Constant(0.04166666666666669));
        q = V.FusedMultiplyAdd(q, r, V.Constant(0.16666666666666677));
        return V.FusedMultiplyAdd(q, r, V.Constant(0.5));
    }
}
