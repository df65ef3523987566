using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Functions;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>The greatest and the least element of a row, in one pass. NaN may or may not win: it makes the row's sum NaN anyway.</summary>
/// <remarks>
/// Neither needs an order to have the same bits, but for the sign of a zero, which no sum of exponentials shows; so the last vector may overlap the one
/// before. Two reductions, one after the other, took a half longer (48 and 37 ns for 1024 floats in the first cache).
/// </remarks>
internal readonly unsafe struct RowRange<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private RowRange(T maximum, T minimum) => (Maximum, Minimum) = (maximum, minimum);

    /// <summary>The greatest element, −∞ for no elements.</summary>
    public T Maximum { get; }

    /// <summary>The least element, +∞ for no elements.</summary>
    public T Minimum { get; }

    /// <summary>Whether no exp(x − maximum) leaves the normal numbers.</summary>
    public bool IsUsual => Maximum - Minimum <= T.CreateTruncating(ExpCore<Lane<T>, T>.Bound);

    /// <summary>The range of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static RowRange<T> Of(T* x, int columns)
    {
        if (Isa.Has512 && columns >= Simd512<T>.Count)
        {
            Walk(x, columns, out Simd512<T> maximum, out Simd512<T> minimum);
            return new(Across.Of(default(RowMaximum<T>), maximum), Across.Of(default(RowMinimum<T>), minimum));
        }
        if (Isa.Has256 && columns >= Simd256<T>.Count)
        {
            Walk(x, columns, out Simd256<T> maximum, out Simd256<T> minimum);
            return new(Across.Of(default(RowMaximum<T>), maximum), Across.Of(default(RowMinimum<T>), minimum));
        }
        if (Isa.Has128 && columns >= Simd128<T>.Count)
        {
            Walk(x, columns, out Simd128<T> maximum, out Simd128<T> minimum);
            return new(Across.Of(default(RowMaximum<T>), maximum), Across.Of(default(RowMinimum<T>), minimum));
        }
        if (columns == 0)
            return new(T.NegativeInfinity, T.PositiveInfinity);
        Walk(x, columns, out Lane<T> greatest, out Lane<T> least);
        return new(greatest.Value, least.Value);
    }

    /// <summary>Both of each lane, for at least one vector of elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Walk<V>(T* x, int columns, out V maximum, out V minimum)
        where V : struct, ISimdVector<V, T>
    {
        nuint w = (nuint)V.Count, length = (nuint)columns, i = 0;
        V a0 = V.Load(in *x, 0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        for (; i + 4 * w <= length; i += 4 * w)
        {
            V x0 = V.Load(in *x, i), x1 = V.Load(in *x, i + w), x2 = V.Load(in *x, i + 2 * w), x3 = V.Load(in *x, i + 3 * w);
            a0 = V.Max(a0, x0);
            b0 = V.Min(b0, x0);
            a1 = V.Max(a1, x1);
            b1 = V.Min(b1, x1);
            a2 = V.Max(a2, x2);
            b2 = V.Min(b2, x2);
            a3 = V.Max(a3, x3);
            b3 = V.Min(b3, x3);
        }
        for (; i < length; i += w)
        {
            V last = V.Load(in *x, nuint.Min(i, length - w));
            a0 = V.Max(a0, last);
            b0 = V.Min(b0, last);
        }
        maximum = V.Max(V.Max(a0, a1), V.Max(a2, a3));
        minimum = V.Min(V.Min(b0, b1), V.Min(b2, b3));
    }
}
