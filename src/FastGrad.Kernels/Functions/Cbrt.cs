using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>∛x.</summary>
/// <remarks>
/// |x| = 8^q·t with 1 ≤ t &lt; 8; a quartic, steps of Halley (float one, double two), and a last step of Newton with the residual t − y³ in two parts.
/// Error below 1 ulp. ±0, ±∞ and NaN give themselves; odd.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Cbrt<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Output;

    /// <summary>∛x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Cbrt<T>), x);

    /// <summary>∛x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Cbrt<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>(∛x)′ = 1/(3y²); ∞ at 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V y)
        where V : struct, IArithmetic<V, T> => V.Create(T.One) / (V.Constant(3) * (y * y));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One);
        V a = V.Abs(x);
        V denormal = V.LessThan(a, V.Create(FloatFormat<T>.LeastNormal));
        V normal = V.Select(denormal, a * V.Constant(typeof(T) == typeof(float) ? 134217728.0 : 18014398509481984.0), a); // 2²⁷, 2⁵⁴
        V exponent = V.Exponent(normal);
        V q = V.Floor(exponent * V.Constant(1.0 / 3) + V.Constant(0.01)); // the exponent is whole, so 0.01 mends the rounding of thirds
        V t = V.Mantissa(normal) * V.PowerOfTwo(exponent - V.Constant(3) * q);
        V y = V.Constant(-0.0004320950829423964);
        y = V.FusedMultiplyAdd(y, t, V.Constant(0.009583712555468082));
        y = V.FusedMultiplyAdd(y, t, V.Constant(-0.08377441018819809));
        y = V.FusedMultiplyAdd(y, t, V.Constant(0.4491921365261078));
        y = V.FusedMultiplyAdd(y, t, V.Constant(0.627295970916748)); // relative error 2^−9.1
        y = Halley(y, t);
        if (typeof(T) == typeof(double))
            y = Halley(y, t);
        V square = y * y;
        V lost = V.FusedMultiplyAdd(y, y, -square);
        V residual = V.FusedMultiplyAdd(-square, y, t) - lost * y;
        y += residual / (V.Constant(3) * square);
        q -= V.Select(denormal, V.Constant(typeof(T) == typeof(float) ? 9 : 18), V.Create(T.Zero));
        y *= V.PowerOfTwo(q); // normal: |q| is at most a third of the exponents
        V plain = V.And(V.GreaterThan(a, V.Create(T.Zero)), V.LessThan(a, V.Create(T.PositiveInfinity)));
        return V.Select(plain, V.CopySign(y, x), x);
    }

    // y·(y³ + 2t)/(2y³ + t): the error's third power.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Halley<V>(V y, V t)
        where V : struct, ISimdVector<V, T>
    {
        V cube = y * y * y;
        return y * ((cube + (t + t)) / (cube + cube + t));
    }
}
