using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>What sine, cosine and tangent share: x = n·π/2 + r with |r| ≤ π/4, and sin(r + n·π/2).</summary>
/// <remarks>
/// π/2 is taken in three parts of full precision (Cody and Waite 1980, with FMA): x − n·P₁ is exact, the product n·P₂ is kept
/// in two parts, so r comes in two parts, good to twice the working precision. That holds up to <see cref="Limit"/>; vectors with a larger lane take
/// <see cref="HugeAngle"/> for it. Polynomials are minimax fits (exchange algorithm in 50 digits): relative error 2^−32.6 and 2^−57.9 (sine),
/// 2^−33.1 and 2^−64.1 (cosine).
/// </remarks>
internal static class QuarterTurns<V, T>
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>2¹⁷ or 2³⁰: the largest angle that the three parts serve.</summary>
    private static double Limit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? 131072 : 1073741824;
    }

    /// <summary>sin(x + shift·π/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sine(V x, V shift)
    {
        if (V.Any(V.GreaterThan(V.Abs(x), V.Constant(Limit))))
            return HugeSine(x, shift);
        V high = Reduce(x, out V low, out V n);
        return SineAt(high, low, n + shift);
    }

    // The remainder r = high + low of x by π/2, and the number n of quarter turns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce(V x, out V low, out V n)
    {
        n = V.Round(x * V.Constant(0.6366197723675814)); // 2/π
        V p1 = V.Constant(typeof(T) == typeof(float) ? 1.5707963705062866 : 1.5707963267948966);
        V p2 = V.Constant(typeof(T) == typeof(float) ? -4.371138828673793e-08 : 6.123233995736766e-17);
        V p3 = V.Constant(typeof(T) == typeof(float) ? -1.7151245100058819e-15 : -1.4973849048591698e-33);
        V r = V.FusedMultiplyAdd(-n, p1, x);
        V w = n * p2;
        V high = r - w;
        V back = high - r; // Knuth's difference: r − w = high + rest
        V rest = (r - (high - back)) - (w + back);
        low = rest - V.FusedMultiplyAdd(n, p3, V.FusedMultiplyAdd(n, p2, -w));
        return high;
    }

    // sin(high + low + n·π/2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SineAt(V high, V low, V n)
    {
        V z = high * high;
        V halfSquare = z * V.Constant(0.5);
        V one = V.Create(T.One);
        V w = one - halfSquare;
        V sine, cosine;
        if (typeof(T) == typeof(float))
        {
            V s = V.Constant(2.837513193298946e-06);
            s = V.FusedMultiplyAdd(s, z, V.Constant(-0.00019853511184919626));
            s = V.FusedMultiplyAdd(s, z, V.Constant(0.008333380334079266));
            sine = V.FusedMultiplyAdd(s, z, V.Constant(-0.1666666716337204));
            V c = V.Constant(2.4430670237052254e-05);
            c = V.FusedMultiplyAdd(c, z, V.Constant(-0.00138873013202101));
            cosine = V.FusedMultiplyAdd(c, z, V.Constant(0.04166664555668831));
        }
        else
        {
            V s = V.Constant(-7.379697420456417e-13);
            s = V.FusedMultiplyAdd(s, z, V.Constant(1.605412696405561e-10));
            s = V.FusedMultiplyAdd(s, z, V.Constant(-2.5052069604419683e-08));
            s = V.FusedMultiplyAdd(s, z, V.Constant(2.755731906960583e-06));
            s = V.FusedMultiplyAdd(s, z, V.Constant(-0.00019841269840955875));
            s = V.FusedMultiplyAdd(s, z, V.Constant(0.008333333333333038));
            sine = V.FusedMultiplyAdd(s, z, V.Constant(-0.16666666666666666));
            V c = V.Constant(-1.1359847851186829e-11);
            c = V.FusedMultiplyAdd(c, z, V.Constant(2.087572800448213e-09));
            c = V.FusedMultiplyAdd(c, z, V.Constant(-2.7557314394662924e-07));
            c = V.FusedMultiplyAdd(c, z, V.Constant(2.4801587289659943e-05));
            c = V.FusedMultiplyAdd(c, z, V.Constant(-0.001388888888887447));
            cosine = V.FusedMultiplyAdd(c, z, V.Constant(0.0416666666666666));
        }
        sine = high + V.FusedMultiplyAdd(high * z, sine, low * w); // sin(h + l) ≈ sin h + l·cos h
        cosine = w + (((one - w) - halfSquare) + V.FusedMultiplyAdd(z * z, cosine, -(high * low))); // cos h − l·sin h

        V half = n * V.Constant(0.5);
        V turns = V.Floor(half);
        V quarter = turns * V.Constant(0.5);
        V y = V.Select(V.GreaterThan(half, turns), cosine, sine); // odd n
        return V.Select(V.GreaterThan(quarter, V.Floor(quarter)), -y, y); // n = 2, 3 mod 4
    }

    /// <summary>tan x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tangent(V x)
    {
        if (V.Any(V.GreaterThan(V.Abs(x), V.Constant(Limit))))
            return HugeTangent(x);
        V high = Reduce(x, out V low, out V n);
        return TangentAt(high, low, n);
    }

    // tan(high + low + n·π/2).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TangentAt(V high, V low, V n)
    {
        V one = V.Create(T.One);
        V z = high * high;
        V p = high * z * (typeof(T) == typeof(float) ? TangentSingle(z) : TangentDouble(z));
        V near = high + p;
        V c = V.FusedMultiplyAdd(low, V.FusedMultiplyAdd(near, near, one), p); // tan(h + l) ≈ tan h + l·(1 + tan² h)
        V t = high + c;
        V rest = (high - t) + c;
        V r = -one / t;
        r = V.FusedMultiplyAdd(r, V.FusedMultiplyAdd(r, t, one) + r * rest, r); // −1/(t + rest)
        V half = n * V.Constant(0.5);
        return V.Select(V.GreaterThan(half, V.Floor(half)), r, t); // odd n
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TangentSingle(V z)
    {
        V p = V.Constant(0.009385728277266026);
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.003119430271908641));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.024430381134152412));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.05341124162077904));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.1333879977464676));
        return V.FusedMultiplyAdd(p, z, V.Constant(0.33333155512809753));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TangentDouble(V z)
    {
        V p = V.Constant(2.073944531294238e-05);
        p = V.FusedMultiplyAdd(p, z, V.Constant(-4.433031328040709e-05));
        p = V.FusedMultiplyAdd(p, z, V.Constant(8.83731231857377e-05));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-2.512610367007742e-05));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.00013555930379356351));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.00022289126651046232));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0005948735744208103));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0014548086909482213));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0035922796093790454));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.008863220378956918));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.021869489506447112));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.053968253931958365));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.1333333333340009));
        return V.FusedMultiplyAdd(p, z, V.Constant(0.3333333333333293));
    }

    // Out of line, so that the common path keeps its registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V HugeTangent(V x)
    {
        V high = HugeReduce(x, out V low, out V n);
        return TangentAt(high, low, n);
    }

    // Out of line, so that the common path keeps its registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V HugeSine(V x, V shift)
    {
        V high = HugeReduce(x, out V low, out V n);
        return SineAt(high, low, n + shift);
    }

    // As Reduce; lanes beyond the limit one by one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HugeReduce(V x, out V low, out V n)
    {
        V high = Reduce(x, out low, out n);
        Span<T> lanes = stackalloc T[4 * V.Count];
        Span<T> highs = lanes[V.Count..], lows = highs[V.Count..], turns = lows[V.Count..];
        V.Store(x, ref lanes[0], 0);
        V.Store(high, ref highs[0], 0);
        V.Store(low, ref lows[0], 0);
        V.Store(n, ref turns[0], 0);
        for (int i = 0; i < V.Count; i++)
        {
            double angle = double.CreateTruncating(lanes[i]);
            if (!(Math.Abs(angle) > Limit))
                continue;
            turns[i] = T.CreateTruncating(HugeAngle.Reduce(angle, out double h, out double l));
            highs[i] = T.CreateTruncating(h);
            lows[i] = T.CreateTruncating(typeof(T) == typeof(float) ? h - (float)h : l);
        }
        low = V.Load(in lows[0], 0);
        n = V.Load(in turns[0], 0);
        return V.Load(in highs[0], 0);
    }
}
