using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>Reduces the rows of a matrix into one: the kernel under every reduction.</summary>
internal static class ColumnReduction
{
    /// <summary>result[j] = ⊕ᵣ t(x[r·stride + j]) for j &lt; columns ≤ 128: chains over blocks of 32 rows, then a binary tree.</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="x">The matrix's first element.</param>
    /// <param name="y">The second matrix's first element; not read where the reduction has one operand.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="columns">The number of columns, at most 128.</param>
    /// <param name="result">The row that is left; where it is folded, its first element.</param>
    /// <param name="fold">Whether to fold the row in halves: for vectors of which eight are a row, which <see cref="CanFold{TReduction,T}"/> tells.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Of<TReduction, T>(
        TReduction reduction, ref T x, ref T y, nuint stride, nuint rows, nuint columns, ref T result, bool fold = false)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows <= Reduce.BlockRows)
            One(reduction, ref x, ref y, stride, rows, columns, ref result, fold);
        else
            Many(reduction, ref x, ref y, stride, rows, columns, ref result, fold);
    }

    /// <summary>Whether a row fills eight vectors of the widest kind, so that it is folded in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CanFold<TReduction, T>()
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TReduction.IsShort && Isa.Has512 && 8 * Simd512<T>.Count == Reduce.RowLength;

    /// <summary>The reduction of all elements of a flat span of whole rows, where <see cref="CanFold{TReduction,T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Folded<TReduction, T>(TReduction reduction, ref T x, ref T y, nuint rows)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Unsafe.SkipInit(out T result);
        Of(reduction, ref x, ref y, Reduce.RowLength, rows, Reduce.RowLength, ref result, fold: true);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TReduction, T>(TReduction reduction, ref T x, ref T y, nuint stride, nuint rows, nuint columns, ref T result, bool fold)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var block = new Blocks<TReduction, T>(reduction, ref x, ref y, stride, rows, 0, 1, ref result, ref result, fold);
        if (CanFold<TReduction, T>() && columns == Reduce.RowLength)
            block.Eight<Simd512<T>>(0, columns); // all of it
        else
            Ladder.Descend<Blocks<TReduction, T>, T>(ref block, columns);
    }

    // Not inlined: its levels would be cleared, in every caller.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Many<TReduction, T>(TReduction reduction, ref T x, ref T y, nuint stride, nuint rows, nuint columns, ref T result, bool fold)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nuint count = (rows + Reduce.BlockRows - 1) / Reduce.BlockRows;
        Unsafe.SkipInit(out Levels<T> levels);
        if (CanFold<TReduction, T>() && columns == Reduce.RowLength)
        {
            // One strip is all columns: its loop goes on from block to block.
            var all = new Blocks<TReduction, T>(reduction, ref x, ref y, stride, rows, 0, count, ref levels.At(0), ref result, fold);
            all.Eight<Simd512<T>>(0, columns);
            return;
        }
        for (nuint done = 0; done < count; done++)
        {
            var block = new Blocks<TReduction, T>(reduction, ref x, ref y, stride, rows, done, done + 1, ref levels.At(0), ref result, fold);
            Ladder.Descend<Blocks<TReduction, T>, T>(ref block, columns);
        }
    }

    /// <summary>Blocks first … end − 1, each joined, column by column, with the trees of the blocks before, as the counter says.</summary>
    private readonly ref struct Blocks<TReduction, T>(
        TReduction reduction, ref T x, ref T y, nuint stride, nuint rows, nuint first, nuint end, ref T levels, ref T result, bool fold) : ILoop<T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TReduction _reduction = reduction;
        private readonly ref T _x = ref x;
        private readonly ref T _y = ref y;
        private readonly ref T _levels = ref levels;
        private readonly ref T _result = ref result;
        private readonly nuint _stride = stride;
        private readonly nuint _rows = rows;
        private readonly nuint _first = first;
        private readonly nuint _end = end;
        private readonly bool _fold = fold;

        // Eight copies of a long term would exceed the JIT's 512 locals, after which it stops inlining.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            if (TReduction.IsShort && i + 8 * (nuint)V.Count <= length)
                i = Eight<V>(i, length);
            return i + (nuint)V.Count <= length ? One<V>(i, length) : i;
        }

        // Eight independent chains hide the latency of the operation. Narrow vectors pass over the block several times: its 16 KB
        // stay in the first cache.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public nuint Eight<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            // By reference: of a copy the JIT stores a constant and broadcasts it again for each vector.
            ref TReduction op = ref Unsafe.AsRef(in _reduction);
            nuint stride = _stride, w = (nuint)V.Count;
            for (; i + 8 * w <= length; i += 8 * w)
            {
                for (nuint done = _first; done < _end; done++)
                {
                    nuint row = done * Reduce.BlockRows, end = nuint.Min(_rows, row + Reduce.BlockRows);
                    var counter = new Counter(done, end == _rows);
                    ref T x = ref Unsafe.Add(ref _x, row * stride + i);
                    ref T y = ref Unsafe.Add(ref _y, row * stride + i);
                    V a0 = Term<TReduction, T>.At<V>(ref op, ref x, ref y, 0);
                    V a1 = Term<TReduction, T>.At<V>(ref op, ref x, ref y, w);
                    V a2 = Term<TReduction, T>.At<V>(ref op, ref x, ref y, 2 * w);
                    V a3 = Term<TReduction, T>.At<V>(ref op, ref x, ref y, 3 * w);
                    V a4 = Term<TReduction, T>.At<V>(ref op, ref x, ref y, 4 * w);
                    V a5 = Term<TReduction, T>.At<V>(ref op, ref x, ref y, 5 * w);
                    V a6 = Term<TReduction, T>.At<V>(ref op, ref x, ref y, 6 * w);
                    V a7 = Term<TReduction, T>.At<V>(ref op, ref x, ref y, 7 * w);
                    for (row++; row < end; row++)
                    {
                        x = ref Unsafe.Add(ref x, stride);
                        y = ref Unsafe.Add(ref y, stride);
                        a0 = op.Combine(a0, Term<TReduction, T>.At<V>(ref op, ref x, ref y, 0));
                        a1 = op.Combine(a1, Term<TReduction, T>.At<V>(ref op, ref x, ref y, w));
                        a2 = op.Combine(a2, Term<TReduction, T>.At<V>(ref op, ref x, ref y, 2 * w));
                        a3 = op.Combine(a3, Term<TReduction, T>.At<V>(ref op, ref x, ref y, 3 * w));
                        a4 = op.Combine(a4, Term<TReduction, T>.At<V>(ref op, ref x, ref y, 4 * w));
                        a5 = op.Combine(a5, Term<TReduction, T>.At<V>(ref op, ref x, ref y, 5 * w));
                        a6 = op.Combine(a6, Term<TReduction, T>.At<V>(ref op, ref x, ref y, 6 * w));
                        a7 = op.Combine(a7, Term<TReduction, T>.At<V>(ref op, ref x, ref y, 7 * w));
                    }

                    nuint level = 0, bits = done;
                    for (; counter.Joins(bits); bits >>= 1, level++)
                    {
                        if ((bits & 1) == 0)
                            continue;
                        ref T before = ref Unsafe.Add(ref _levels, level * Reduce.RowLength + i);
                        a0 = op.Combine(V.Load(in before, 0), a0);
                        a1 = op.Combine(V.Load(in before, w), a1);
                        a2 = op.Combine(V.Load(in before, 2 * w), a2);
                        a3 = op.Combine(V.Load(in before, 3 * w), a3);
                        a4 = op.Combine(V.Load(in before, 4 * w), a4);
                        a5 = op.Combine(V.Load(in before, 5 * w), a5);
                        a6 = op.Combine(V.Load(in before, 6 * w), a6);
                        a7 = op.Combine(V.Load(in before, 7 * w), a7);
                    }
                    if (CanFold<TReduction, T>() && _fold && counter.IsLast && V.Count == Simd512<T>.Count)
                    {
                        V s = op.Combine(op.Combine(op.Combine(a0, a4), op.Combine(a2, a6)), op.Combine(op.Combine(a1, a5), op.Combine(a3, a7)));
                        _result = Across.Of(op, Unsafe.BitCast<V, Simd512<T>>(s));
                        break;
                    }
                    ref T result = ref counter.IsLast ? ref Unsafe.Add(ref _result, i) : ref Unsafe.Add(ref _levels, level * Reduce.RowLength + i);
                    V.Store(a0, ref result, 0);
                    V.Store(a1, ref result, w);
                    V.Store(a2, ref result, 2 * w);
                    V.Store(a3, ref result, 3 * w);
                    V.Store(a4, ref result, 4 * w);
                    V.Store(a5, ref result, 5 * w);
                    V.Store(a6, ref result, 6 * w);
                    V.Store(a7, ref result, 7 * w);
                }
            }
            return i;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint One<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            // By reference: of a copy the JIT stores a constant and broadcasts it again for each vector.
            ref TReduction op = ref Unsafe.AsRef(in _reduction);
            nuint stride = _stride, w = (nuint)V.Count;
            for (; i + w <= length; i += w)
            {
                for (nuint done = _first; done < _end; done++)
                {
                    nuint row = done * Reduce.BlockRows, end = nuint.Min(_rows, row + Reduce.BlockRows);
                    var counter = new Counter(done, end == _rows);
                    V a = Term<TReduction, T>.At<V>(ref op, ref _x, ref _y, row * stride + i);
                    for (row++; row < end; row++)
                        a = op.Combine(a, Term<TReduction, T>.At<V>(ref op, ref _x, ref _y, row * stride + i));

                    nuint level = 0, bits = done;
                    for (; counter.Joins(bits); bits >>= 1, level++)
                    {
                        if ((bits & 1) != 0)
                            a = op.Combine(V.Load(in Unsafe.Add(ref _levels, level * Reduce.RowLength), i), a);
                    }
                    V.Store(a, ref counter.IsLast ? ref _result : ref Unsafe.Add(ref _levels, level * Reduce.RowLength), i);
                }
            }
            return i;
        }
    }
}
