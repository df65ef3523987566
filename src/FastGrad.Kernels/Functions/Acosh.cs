using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>arcosh x = log(x + √(x² − 1)), for x ≥ 1.</summary>
/// <remarks>
/// The logarithm of the sum in two parts (<see cref="LogCore{V,T}"/>), of which x² − 1 is exact; log 2x where it is x².
/// Error below 2 ulp. 0 at 1, ∞ for ∞, NaN below 1 and for NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Acosh<T> : IFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input;

    /// <summary>arcosh x of any arithmetic value: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Acosh<T>), x);

    /// <summary>arcosh x of one scalar: the same bits as a vector's lane.</summary>
    public static T At(T x) => default(Acosh<T>).Evaluate(new Lane<T>(x)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x);

    /// <summary>arcosh′ x = 1/√((x − 1)(x + 1)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Derivative<V>(V x)
        where V : struct, IArithmetic<V, T> => V.Create(T.One) / (V.Sqrt(x - V.Create(T.One)) * V.Sqrt(x + V.Create(T.One)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One);
        V huge = V.Constant(typeof(T) == typeof(float) ? 65536 : 1099511627776); // 2¹⁶, 2⁴⁰
        V a = V.Max(one, x);
        V b = V.Min(huge, a);
        Wide<V, T> square = Wide<V, T>.Product(b, b) + -one;
        Wide<V, T> root = Wide<V, T>.Root(new(V.Max(V.Constant(1e-30), square.High), square.Low)); // at 1, not 0/0
        Wide<V, T> sum = root + b;
        V y = V.Select(V.LessThan(a, huge), LogCore<V, T>.OfSum(sum.High, sum.Low), LogCore<V, T>.OfTwice(a));
        y = V.Select(V.LessThan(x, V.Create(T.PositiveInfinity)), y, x); // ∞ and NaN
        y = V.Select(V.Equal(x, one), V.Create(T.Zero), y);
        return V.Select(V.LessThan(x, one), V.Create(T.NaN), y);
    }
}
