using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>ψₙ(x), the n-th derivative of the digamma function, for n ≥ 1.</summary>
/// <remarks>
/// ψₙ(x) = (−1)ⁿ⁺¹·n!·Σ (x + k)^−(n + 1): the terms up to x + k ≥ 10 + n one by one, the rest by Euler and Maclaurin's formula
/// (Abramowitz and Stegun 1964, 6.4.10 and 6.4.11). Error below 2 ulp for x &gt; 0 and n = 1; terms and sum are in two parts, so that it grows slowly
/// with n. Poles at 0 and the negative integers; NaN below −100.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Polygamma<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Steps = 128;

    private readonly int _above; // n − 1, so that the default is the trigamma function

    /// <summary>ψₙ.</summary>
    /// <param name="order">n.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is not between 1 and 20.</exception>
    public Polygamma(int order)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, 20);
        _above = order - 1;
    }

    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    // B₂ₖ/(2k)!
    private static ReadOnlySpan<double> Bernoulli =>
    [
        1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000, 1.0 / 74724249600, -3617.0 / 10670622842880000,
    ];

    /// <summary>n.</summary>
    public int Order => _above + 1;

    /// <summary>ψₙ(x) of one scalar: the same bits as a vector's lane.</summary>
    public T At(T x) => Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>ψₙ′ = ψₙ₊₁.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(new Polygamma<T>(Order + 1), x);

    /// <inheritdoc/>
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        int n = Order;
        V zero = V.Create(T.Zero), one = V.Create(T.One), bound = V.Constant(10 + n), a = x, aLow = zero;
        V below = V.LessThan(a, bound), infinite = zero;
        Wide<V, T> sum = new(zero, zero);
        for (int i = 0; i < Steps && V.Any(below); i++)
        {
            Wide<V, T> inverse = Wide<V, T>.Quotient(one, new(a, aLow)), power = inverse;
            for (int j = 0; j < n; j++)
                power *= inverse;
            // Beside a pole a power overflows, and its second part is no number.
            infinite = V.Or(infinite, V.And(below, V.Not(V.LessThan(V.Abs(power.High), V.Create(T.PositiveInfinity)))));
            Wide<V, T> next = sum + power, up = new Wide<V, T>(a, aLow) + one;
            sum = new(V.Select(below, next.High, sum.High), V.Select(below, next.Low, sum.Low));
            (a, aLow) = (V.Select(below, up.High, a), V.Select(below, up.Low, aLow));
            below = V.LessThan(a, bound);
        }

        // 1/(n·aⁿ) + 1/(2·aⁿ⁺¹) + Σ B₂ₖ/(2k)!·(n + 1)…(n + 2k − 1)/aⁿ⁺²ᵏ
        V r = one / a, z = r * r, series = V.Create(T.Zero);
        for (int k = Bernoulli.Length; k >= 1; k--)
        {
            double rising = 1;
            for (int j = n + 1; j < n + 2 * k; j++)
                rising *= j;
            series = V.FusedMultiplyAdd(series, z, V.Constant(Bernoulli[k - 1] * rising));
        }
        V tail = V.FusedMultiplyAdd(V.FusedMultiplyAdd(series, r, V.Constant(0.5)), r, V.Constant(1.0 / n)) * Power(r, n);
        double factorial = (n & 1) == 0 ? -1 : 1;
        for (int j = 2; j <= n; j++)
            factorial *= j;
        Wide<V, T> whole = Wide<V, T>.Sum(sum.High, tail);
        V y = V.Constant(factorial) * (whole.High + (whole.Low + sum.Low));
        V pole = V.Constant(factorial) * Power(one / x, n + 1);
        y = V.Select(infinite, V.Select(V.LessThan(V.Abs(x), V.Constant(0.5)), pole, V.Constant(factorial) * V.Create(T.PositiveInfinity)), y);
        return V.Select(V.Or(below, V.Equal(x, V.Create(T.NegativeInfinity))), V.Create(T.NaN), y);
    }

    private static V Power<V>(V x, int n)
        where V : struct, ISimdVector<V, T>
    {
        V y = x;
        for (int i = 1; i < n; i++)
            y *= x;
        return y;
    }
}
