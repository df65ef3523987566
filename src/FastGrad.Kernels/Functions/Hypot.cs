using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>√(x² + y²).</summary>
/// <remarks>
/// Squares and sum in two parts, scaled where they would overflow or underflow; the root with one step of correction. Error below 1 ulp.
/// ∞ where either is infinite, also beside NaN; else NaN where either is NaN.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Hypot<T> : IBinaryFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static Residual Residual => Residual.Input | Residual.Second | Residual.Output;

    /// <summary>√(x² + y²) of any arithmetic values: how operators spell it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Apply(default(Hypot<T>), x, y);

    /// <summary>√(x² + y²) of scalars: the same bits as a vector's lane.</summary>
    public static T At(T x, T y) => default(Hypot<T>).Evaluate(new Lane<T>(x), new Lane<T>(y)).Value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y)
        where V : struct, IArithmetic<V, T> => V.Apply(this, x, y);

    /// <summary>d·x/z; NaN at the origin, as in PyTorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Left<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * (x / z);

    /// <summary>d·y/z; NaN at the origin, as in PyTorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Right<V>(V x, V y, V z, V d)
        where V : struct, IArithmetic<V, T> => d * (y / z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Evaluate<V>(V x, V y)
        where V : struct, ISimdVector<V, T>
    {
        V one = V.Create(T.One), infinity = V.Create(T.PositiveInfinity);
        V a = V.Abs(x), b = V.Abs(y);
        V most = V.Select(V.GreaterThan(a, b), a, b), least = V.Select(V.GreaterThan(a, b), b, a);
        V large = V.GreaterThan(most, V.Constant(typeof(T) == typeof(float) ? 1.152921504606847e18 : 3.273390607896142e150)); // 2⁶⁰, 2⁵⁰⁰
        V small = V.LessThan(most, V.Constant(typeof(T) == typeof(float) ? 9.094947017729282e-13 : 3.054936363499605e-151)); // 2⁻⁴⁰, 2⁻⁵⁰⁰
        V up = V.Constant(typeof(T) == typeof(float) ? 1.2676506002282294e30 : 4.149515568880993e180); // 2¹⁰⁰, 2⁶⁰⁰
        V down = V.Constant(typeof(T) == typeof(float) ? 7.888609052210118e-31 : 2.409919865102884e-181);
        V scale = V.Select(large, down, V.Select(small, up, one));
        V back = V.Select(large, up, V.Select(small, down, one));
        V p = most * scale, q = least * scale;
        Wide<V, T> square = Wide<V, T>.Product(p, p) + Wide<V, T>.Product(q, q);
        Wide<V, T> root = Wide<V, T>.Root(square);
        V z = root.High * back;
        z = V.Select(V.Equal(most, V.Create(T.Zero)), most, z);
        z = V.Select(V.Equal(x, x), V.Select(V.Equal(y, y), z, y), x);
        return V.Select(V.Or(V.Equal(a, infinity), V.Equal(b, infinity)), infinity, z);
    }
}
