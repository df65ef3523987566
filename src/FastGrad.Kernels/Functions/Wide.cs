using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Functions;

/// <summary>An unevaluated sum of two vectors, the second at most half an ulp of the first: twice the working precision.</summary>
/// <remarks>Dekker 1971, "A floating-point technique for extending the available precision"; products by FMA.</remarks>
/// <param name="high">The value, rounded.</param>
/// <param name="low">What rounding left.</param>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Wide<V, T>(V high, V low)
    where V : struct, ISimdVector<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public V High { get; } = high;

    public V Low { get; } = low;

    /// <summary>The constant high + low, of which T takes what it can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<V, T> Constant(double high, double low) => typeof(T) == typeof(float)
        ? new(V.Constant(high), V.Constant(high - (float)high + low))
        : new(V.Constant(high), V.Constant(low));

    /// <summary>a + b exactly (Knuth).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<V, T> Sum(V a, V b)
    {
        V s = a + b, back = s - a;
        return new(s, (a - (s - back)) + (b - back));
    }

    /// <summary>a + b exactly, for |a| ≥ |b| (Dekker).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<V, T> Quick(V a, V b)
    {
        V s = a + b;
        return new(s, b - (s - a));
    }

    /// <summary>a·b exactly, but for underflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<V, T> Product(V a, V b)
    {
        V p = a * b;
        return new(p, V.FusedMultiplyAdd(a, b, -p));
    }

    /// <summary>a / b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<V, T> Quotient(V a, Wide<V, T> b)
    {
        V q = a / b.High;
        V rest = V.FusedMultiplyAdd(-q, b.High, a) - q * b.Low;
        return Quick(q, rest / b.High);
    }

    /// <summary>√a, for positive a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<V, T> Root(Wide<V, T> a)
    {
        V s = V.Sqrt(a.High);
        V rest = V.FusedMultiplyAdd(-s, s, a.High) + a.Low;
        return Quick(s, rest / (s + s));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<V, T> operator +(Wide<V, T> a, Wide<V, T> b)
    {
        Wide<V, T> high = Sum(a.High, b.High), low = Sum(a.Low, b.Low);
        high = Quick(high.High, high.Low + low.High);
        return Quick(high.High, high.Low + low.Low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<V, T> operator +(Wide<V, T> a, V b)
    {
        Wide<V, T> sum = Sum(a.High, b);
        return Quick(sum.High, sum.Low + a.Low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<V, T> operator *(Wide<V, T> a, Wide<V, T> b)
    {
        Wide<V, T> p = Product(a.High, b.High);
        return Quick(p.High, p.Low + V.FusedMultiplyAdd(a.High, b.Low, a.Low * b.High));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide<V, T> operator *(Wide<V, T> a, V b)
    {
        Wide<V, T> p = Product(a.High, b);
        return Quick(p.High, V.FusedMultiplyAdd(a.Low, b, p.Low));
    }
}
