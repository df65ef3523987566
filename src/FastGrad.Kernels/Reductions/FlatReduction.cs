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
    [SkipLocalsInit]
    public static T Of<TReduction, T>(TReduction reduction, ref T x, ref T y, nuint length)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out Row<T> row);
        ref T partial = ref row.First;
        nuint rows = length / RowLength, rest = length % RowLength;
        ref T restX = ref Unsafe.Add(ref x, length - rest), restY = ref Unsafe.Add(ref y, length - rest);
        if (rows == 0)
        {
            var terms = new Terms<TReduction, T>(reduction, ref restX, ref restY, ref partial);
            Ladder.Descend<Terms<TReduction, T>, T>(ref terms, rest);
            return Fold(reduction, ref partial, rest);
        }
        ColumnReduction.Of(reduction, ref x, ref y, RowLength, rows, RowLength, ref partial);
        if (rest > 0)
        {
            var link = new Link<TReduction, T>(reduction, ref restX, ref restY, ref partial);
            Ladder.Descend<Link<TReduction, T>, T>(ref link, rest);
        }
        return Fold(reduction, ref partial, RowLength);
    }

    /// <summary>Folds the first <paramref name="count"/> ≤ 128 elements in halves: what has no partner stays as it is.</summary>
    private static T Fold<TReduction, T>(TReduction reduction, ref T row, nuint count)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        while (count > 1)
        {
            nuint half = (nuint)BitOperations.RoundUpToPowerOf2(count) / 2;
            var pairs = new Pairs<TReduction, T>(reduction, ref row, ref Unsafe.Add(ref row, half), ref row);
            Ladder.Descend<Pairs<TReduction, T>, T>(ref pairs, count - half);
            count = half;
        }
        return row;
    }
}
