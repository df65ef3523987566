using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>erf x = 2/√π·∫₀ˣ e^(−t²) dt.</summary>
/// <remarks>
/// x + x·P(x²) for |x| &lt; 1, with a minimax P (exchange algorithm in 50 digits, relative error 2^−29.4 and 2^−56 of the result);
/// 1 − 2Q(|x|√2) by <see cref="NormalTail{T}"/> beyond. Error below 1.5 ulp. ±1 for x → ±∞, ±0 for ±0, NaN for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Erf<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>erf x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Erf<T>), x);

    /// <summary>erf x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Erf<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>erf′ x = 2/√π·e^(−x²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T>
    {
        V square = x * x;
        V low = V.FusedMultiplyAdd(x, x, -square); // x² = square + low
        V e = Exp<T>.Of(-square) * V.Constant(1.1283791670955126); // 2/√π
        return V.Select(V.LessThan(square, V.Constant(1000)), V.FusedMultiplyAdd(-low, e, e), e);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V a = V.Min(V.Constant(8), V.Abs(x)); // erf 8 rounds to 1
        V z = a * a;
        V small = V.FusedMultiplyAdd(a, typeof(T) == typeof(float) ? Single(z) : Double(z), a);
        V tail; // erfc a = 2·Q(a√2)
        if (typeof(T) == typeof(float))
            tail = TailTable<V, T>.Of(a * V.Constant(1.4142135623730951));
        else
            tail = NormalTail<T>.FromDenominator(V.FusedMultiplyAdd(a, V.Constant(1.4142135623730951), V.Constant(4)), V.Create(T.Zero), out V rest) + rest;
        V large = V.Create(T.One) - V.Constant(2) * tail * ExpCore<V, T>.Normal(-z);
        return V.CopySign(V.Select(V.LessThan(a, V.Create(T.One)), small, large), x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Single<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(7.806903158780187e-05);
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0007997853099368513));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.005187162198126316));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.026853347197175026));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.11283578723669052));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.3761262595653534));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.12837916612625122));
        return p;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Double<V>(V z)
        where V : struct, ISimdVector<V, T>
    {
        V p = V.Constant(-7.611987542737695e-10);
        p = V.FusedMultiplyAdd(p, z, V.Constant(1.361896031363147e-08));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-1.618452111302591e-07));
        p = V.FusedMultiplyAdd(p, z, V.Constant(1.6444220995628387e-06));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-1.4924471478908288e-05));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.0001205528080968304));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.0008548325495883267));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.00522397759697486));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.02686617064199029));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.11283791670937163));
        p = V.FusedMultiplyAdd(p, z, V.Constant(-0.3761263890318335));
        p = V.FusedMultiplyAdd(p, z, V.Constant(0.12837916709551256));
        return p;
    }
}
