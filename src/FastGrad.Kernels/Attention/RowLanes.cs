using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Attention;

/// <summary>Reduces a row whose length is a multiple of 16, in a fixed order: lane j of one 512-bit vector takes every element that is j beyond a multiple of the lanes; lanes are folded in halves.</summary>
/// <remarks>
/// Narrower machines hold the lanes in several vectors, one after the other. Rows of a tile of scores are short and padded, so this shape
/// needs neither tails nor partial results in memory, as <see cref="Reduce"/>'s would.
/// </remarks>
internal static unsafe class RowLanes<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static int Lanes => 64 / sizeof(T);

    /// <summary>What is done with each vector of the row before it is combined.</summary>
    public interface ITerm
    {
        V At<V>(T* row, nuint i)
            where V : struct, ISimdVector<V, T>;
    }

    /// <summary>⊕ t(i) over the row of <paramref name="length"/> ≥ 16 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<TReduction, TTerm>(TReduction op, TTerm term, T* row, int length)
        where TReduction : struct, IReduction<T>
        where TTerm : struct, ITerm
    {
        if (Isa.Has512)
            return Across.Of(op, Chain<TReduction, TTerm, Simd512<T>>(op, term, row, 0, length));
        if (Isa.Has256)
        {
            Simd256<T> low = Chain<TReduction, TTerm, Simd256<T>>(op, term, row, 0, length);
            return Across.Of(op, op.Combine(low, Chain<TReduction, TTerm, Simd256<T>>(op, term, row, Simd256<T>.Count, length)));
        }
        if (Isa.Has128)
        {
            int n = Simd128<T>.Count;
            Simd128<T> a = Chain<TReduction, TTerm, Simd128<T>>(op, term, row, 0, length), b = Chain<TReduction, TTerm, Simd128<T>>(op, term, row, n, length);
            a = op.Combine(a, Chain<TReduction, TTerm, Simd128<T>>(op, term, row, 2 * n, length));
            b = op.Combine(b, Chain<TReduction, TTerm, Simd128<T>>(op, term, row, 3 * n, length));
            return Across.Of(op, op.Combine(a, b));
        }
        Lane<T>* lanes = stackalloc Lane<T>[Lanes];
        for (int j = 0; j < Lanes; j++)
            lanes[j] = Chain<TReduction, TTerm, Lane<T>>(op, term, row, j, length);
        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int j = 0; j < half; j++)
                lanes[j] = op.Combine(lanes[j], lanes[j + half]);
        }
        return lanes[0].Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Chain<TReduction, TTerm, V>(TReduction op, TTerm term, T* row, int first, int length)
        where TReduction : struct, IReduction<T>
        where TTerm : struct, ITerm
        where V : struct, ISimdVector<V, T>
    {
        nuint step = (nuint)Lanes, end = (nuint)length;
        V chain = term.At<V>(row, (nuint)first);
        for (nuint i = (nuint)first + step; i < end; i += step)
            chain = op.Combine(chain, term.At<V>(row, i));
        return chain;
    }
}
