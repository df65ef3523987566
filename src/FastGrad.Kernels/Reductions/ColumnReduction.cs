using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    /// <param name="result">The row that is left.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Of<TReduction, T>(TReduction reduction, ref T x, ref T y, nuint stride, nuint rows, nuint columns, ref T result)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const nuint block = Reduce.BlockRows;
        nuint blocks = (rows + block - 1) / block;
        if (blocks == 1)
        {
            Chain(reduction, ref x, ref y, stride, rows, columns, ref result);
            return;
        }

        // A binary counter: bit l of the number of blocks done says that level l holds the result of 2^l of them.
        Unsafe.SkipInit(out Levels<T> levels);
        for (nuint done = 0; done < blocks; done++)
        {
            nuint first = done * block;
            bool last = done == blocks - 1;
            Chain(
                reduction, ref Unsafe.Add(ref x, first * stride), ref Unsafe.Add(ref y, first * stride), stride,
                last ? rows - first : block, columns, ref result);

            // Carry: join the trees that this block completes; the last block joins all that is left.
            nuint level = 0;
            for (nuint bits = done; last ? bits != 0 : (bits & 1) != 0; bits >>= 1, level++)
            {
                if ((bits & 1) == 0)
                    continue;
                var pairs = new Pairs<TReduction, T>(reduction, ref levels.At(level), ref result, ref result);
                Ladder.Descend<Pairs<TReduction, T>, T>(ref pairs, columns);
            }
            if (!last)
                MemoryMarshal.CreateSpan(ref result, (int)columns).CopyTo(MemoryMarshal.CreateSpan(ref levels.At(level), (int)columns));
        }
    }

    /// <summary>One block: each column from its first row to its last.</summary>
    private static void Chain<TReduction, T>(TReduction reduction, ref T x, ref T y, nuint stride, nuint rows, nuint columns, ref T result)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var chains = new Chains<TReduction, T>(reduction, ref x, ref y, stride, rows, ref result);
        Ladder.Descend<Chains<TReduction, T>, T>(ref chains, columns);
    }

    private readonly ref struct Chains<TReduction, T>(TReduction reduction, ref T x, ref T y, nuint stride, nuint rows, ref T result) : ILoop<T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TReduction _reduction = reduction;
        private readonly ref T _x = ref x;
        private readonly ref T _y = ref y;
        private readonly ref T _result = ref result;
        private readonly nuint _stride = stride;
        private readonly nuint _rows = rows;

        // Eight copies of a long term would exceed the JIT's 512 locals, after which it stops inlining.
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
        private nuint Eight<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TReduction op = _reduction;
            ref T result = ref _result;
            nuint stride = _stride, rows = _rows, w = (nuint)V.Count;
            for (; i + 8 * w <= length; i += 8 * w)
            {
                ref T x = ref Unsafe.Add(ref _x, i);
                ref T y = ref Unsafe.Add(ref _y, i);
                V a0 = Term<TReduction, T>.At<V>(op, ref x, ref y, 0);
                V a1 = Term<TReduction, T>.At<V>(op, ref x, ref y, w);
                V a2 = Term<TReduction, T>.At<V>(op, ref x, ref y, 2 * w);
                V a3 = Term<TReduction, T>.At<V>(op, ref x, ref y, 3 * w);
                V a4 = Term<TReduction, T>.At<V>(op, ref x, ref y, 4 * w);
                V a5 = Term<TReduction, T>.At<V>(op, ref x, ref y, 5 * w);
                V a6 = Term<TReduction, T>.At<V>(op, ref x, ref y, 6 * w);
                V a7 = Term<TReduction, T>.At<V>(op, ref x, ref y, 7 * w);
                for (nuint r = 1; r < rows; r++)
                {
                    x = ref Unsafe.Add(ref x, stride);
                    y = ref Unsafe.Add(ref y, stride);
                    a0 = op.Combine(a0, Term<TReduction, T>.At<V>(op, ref x, ref y, 0));
                    a1 = op.Combine(a1, Term<TReduction, T>.At<V>(op, ref x, ref y, w));
                    a2 = op.Combine(a2, Term<TReduction, T>.At<V>(op, ref x, ref y, 2 * w));
                    a3 = op.Combine(a3, Term<TReduction, T>.At<V>(op, ref x, ref y, 3 * w));
                    a4 = op.Combine(a4, Term<TReduction, T>.At<V>(op, ref x, ref y, 4 * w));
                    a5 = op.Combine(a5, Term<TReduction, T>.At<V>(op, ref x, ref y, 5 * w));
                    a6 = op.Combine(a6, Term<TReduction, T>.At<V>(op, ref x, ref y, 6 * w));
                    a7 = op.Combine(a7, Term<TReduction, T>.At<V>(op, ref x, ref y, 7 * w));
                }
                V.Store(a0, ref result, i);
                V.Store(a1, ref result, i + w);
                V.Store(a2, ref result, i + 2 * w);
                V.Store(a3, ref result, i + 3 * w);
                V.Store(a4, ref result, i + 4 * w);
                V.Store(a5, ref result, i + 5 * w);
                V.Store(a6, ref result, i + 6 * w);
                V.Store(a7, ref result, i + 7 * w);
            }
            return i;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint One<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TReduction op = _reduction;
            ref T result = ref _result;
            nuint stride = _stride, rows = _rows, w = (nuint)V.Count;
            for (; i + w <= length; i += w)
            {
                ref T x = ref Unsafe.Add(ref _x, i);
                ref T y = ref Unsafe.Add(ref _y, i);
                V a = Term<TReduction, T>.At<V>(op, ref x, ref y, 0);
                for (nuint r = 1; r < rows; r++)
                    a = op.Combine(a, Term<TReduction, T>.At<V>(op, ref x, ref y, r * stride));
                V.Store(a, ref result, i);
            }
            return i;
        }
    }
}
