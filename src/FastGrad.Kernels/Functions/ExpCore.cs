using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>eˣ where it is a normal number, and eˣ everywhere: by a table in float, by a longer polynomial in double.</summary>
internal static class ExpCore<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>eˣ is normal for |x| up to here.</summary>
    public static double Bound
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? 87 : 708;
    }

    /// <summary>eˣ for |x| ≤ <see cref="Bound"/>: a scaling is one addition to the exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Normal(V x)
    {
        if (typeof(T) == typeof(float))
            return ExpTable<V, T>.Normal(x);
        V r = ExpPolynomial<V, T>.Reduce(x, out V n);
        return (ExpPolynomial<V, T>.Minus1(r) + V.Create(T.One)) * V.PowerOfTwo(n);
    }

    /// <summary>eˣ for every x, rounded once into the denormals: the same bits where <see cref="Normal"/> holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Every(V x)
    {
        if (typeof(T) == typeof(float))
            return ExpTable<V, T>.Every(x);
        // Clamped so that n stays in ScaleB's range. The constant is the first operand: the second, x, comes through where it is NaN.
        V r = ExpPolynomial<V, T>.Reduce(V.Min(V.Constant(720), V.Max(V.Constant(-760), x)), out V n);
        return V.ScaleB(ExpPolynomial<V, T>.Minus1(r) + V.Create(T.One), n);
    }

    /// <summary>eˣ for x ≤ 0, with the bits of <see cref="Every"/>, by fewer instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Falling(V x)
    {
        if (typeof(T) == typeof(float))
            return ExpTable<V, T>.Falling(x);
        V r = ExpPolynomial<V, T>.Reduce(V.Max(V.Constant(-760), x), out V n);
        // By way of the normal numbers: 2^(n + 512), then 2^−512, which rounds once.
        return (ExpPolynomial<V, T>.Minus1(r) + V.Create(T.One)) * V.PowerOfTwo(n + V.Constant(512)) * V.Constant(7.458340731200207e-155);
    }

    /// <summary><see cref="Falling"/> to 0.55 ulp in float; in double the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SharpFalling(V x) => typeof(T) == typeof(float) ? ExpTable<V, T>.SharpFalling(x) : Falling(x);

    /// <summary><see cref="Every"/> to 0.55 ulp in float; in double the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SharpEvery(V x) => typeof(T) == typeof(float) ? ExpTable<V, T>.SharpEvery(x) : Every(x);

    /// <summary>e^(x + low) = scale·(1 + p) for |x| ≤ <see cref="Bound"/> and small |low|, good to 2^−29 (float) or 2^−54.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NormalParts(V x, V low, out V p)
    {
        V scale = NormalParts(x, out p);
        p = V.FusedMultiplyAdd(low, p, p + low);
        return scale;
    }

    /// <summary>eˣ = scale·(1 + p) for |x| ≤ <see cref="Bound"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NormalParts(V x, out V p)
    {
        if (typeof(T) == typeof(float))
            return ExpTable<V, T>.NormalParts(x, out p);
        p = ExpPolynomial<V, T>.Minus1(ExpPolynomial<V, T>.Reduce(x, out V n));
        return V.PowerOfTwo(n);
    }

    /// <summary>x·eˣ for x &lt; 0, rounded into the denormals once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Weighted(V x) => Weighted(x, x, V.Create(T.Zero));

    /// <summary>w·e^(x + low) for x &lt; 0 and w of moderate size, rounded into the denormals once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Weighted(V w, V x, V low)
    {
        if (typeof(T) == typeof(float))
        {
            V m = w * ExpTable<V, T>.EveryParts(V.Max(V.Constant(-120), x), out V p, out V n);
            p = V.FusedMultiplyAdd(low, p, p + low);
            return V.ScaleByFloor(V.FusedMultiplyAdd(m, p, m), n * V.Constant(0.0625));
        }
        V q = ExpPolynomial<V, T>.Minus1(ExpPolynomial<V, T>.Reduce(V.Max(V.Constant(-760), x), out V k) + low);
        return V.ScaleB(V.FusedMultiplyAdd(w, q, w), k);
    }

    /// <summary>e^(x + low) for small |low| and |x| ≤ 120 (float) or 1386, to 0.55 ulp in float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SharpEvery(V x, V low) => typeof(T) == typeof(float)
        ? ExpTable<V, T>.SharpEvery(x, low)
        : ExpPolynomial<V, T>.TwoParts(x, low);
}
