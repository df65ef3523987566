using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>Reduces a flat span: as a matrix with rows of 128 elements, then the short row at the end; then folds the row that is left.</summary>
internal static class FlatReduction
{
    private const nuint RowLength = Reduce.RowLength;

    /// <summary>The reduction of length ≥ 1 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Of<TReduction, T>(TReduction reduction, ref T x, ref T y, nuint length)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        length % RowLength == 0 && ColumnReduction.CanFold<TReduction, T>()
            ? ColumnReduction.Folded(reduction, ref x, ref y, length / RowLength)
            : WithRow(reduction, ref x, ref y, length);

    // Apart, for its frame: what is folded in registers needs none.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static T WithRow<TReduction, T>(TReduction reduction, ref T x, ref T y, nuint length)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out Row<T> row);
        ref T partial = ref row.First;
        nuint rows = length / RowLength, rest = length % RowLength;
        if (rows == 0)
        {
            Begin(reduction, ref x, ref y, ref partial, length);
            return Fold(reduction, ref partial, length);
        }
        ColumnReduction.Of(reduction, ref x, ref y, RowLength, rows, RowLength, ref partial);
        if (rest > 0)
            Continue(reduction, ref Unsafe.Add(ref x, length - rest), ref Unsafe.Add(ref y, length - rest), ref partial, rest);
        return Fold(reduction, ref partial, RowLength);
    }

    // One method each, with the ladder's loops inlined: a call for each width would cost more than the few elements.

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Begin<TReduction, T>(TReduction reduction, ref T x, ref T y, ref T row, nuint count)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var terms = new Terms<TReduction, T>(reduction, ref x, ref y, ref row);
        Ladder.Descend<Terms<TReduction, T>, T>(ref terms, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Continue<TReduction, T>(TReduction reduction, ref T x, ref T y, ref T row, nuint count)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var link = new Link<TReduction, T>(reduction, ref x, ref y, ref row);
        Ladder.Descend<Link<TReduction, T>, T>(ref link, count);
    }

    /// <summary>Folds the first <paramref name="count"/> ≤ 128 elements in halves: what has no partner stays as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static T Fold<TReduction, T>(TReduction op, ref T row, nuint count)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        while (count > 1)
        {
            // From here on in registers, where the rest fills them.
            if (Isa.Has512 && count == 8 * (nuint)Simd512<T>.Count) return Across.Of(op, Eight<TReduction, Simd512<T>, T>(op, ref row));
            if (Isa.Has512 && count == (nuint)Simd512<T>.Count) return Across.Of(op, Simd512<T>.Load(in row, 0));
            if (Isa.Has256 && count == 8 * (nuint)Simd256<T>.Count) return Across.Of(op, Eight<TReduction, Simd256<T>, T>(op, ref row));
            if (Isa.Has256 && count == (nuint)Simd256<T>.Count) return Across.Of(op, Simd256<T>.Load(in row, 0));
            if (Isa.Has128 && count == (nuint)Simd128<T>.Count) return Across.Of(op, Simd128<T>.Load(in row, 0));
            nuint half = (nuint)BitOperations.RoundUpToPowerOf2((uint)count) / 2;
            var pairs = new Pairs<TReduction, T>(op, ref row, ref Unsafe.Add(ref row, half), ref row);
            Ladder.Descend<Pairs<TReduction, T>, T>(ref pairs, count - half);
            count = half;
        }
        return row;
    }

    /// <summary>Three halvings of eight vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Eight<TReduction, V, T>(TReduction op, ref T row)
        where TReduction : struct, IReduction<T>
        where V : struct, ISimdVector<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint w = (nuint)V.Count;
        V a0 = op.Combine(V.Load(in row, 0), V.Load(in row, 4 * w));
        V a1 = op.Combine(V.Load(in row, w), V.Load(in row, 5 * w));
        V a2 = op.Combine(V.Load(in row, 2 * w), V.Load(in row, 6 * w));
        V a3 = op.Combine(V.Load(in row, 3 * w), V.Load(in row, 7 * w));
        return op.Combine(op.Combine(a0, a2), op.Combine(a1, a3));
    }
}
