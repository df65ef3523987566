using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Reductions;

/// <summary>Two sums in one pass over their operands, in the order of <see cref="Reduce"/>.</summary>
internal static class TwinSum
{
    private const nuint RowLength = Reduce.RowLength;

    /// <summary>Both sums over <paramref name="length"/> elements, in the order of flat spans.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static Twin<T> Of<TTerms, T>(scoped in TTerms terms, nuint length)
        where TTerms : struct, ITwinTerms<T>, allows ref struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (length == 0)
            return default;
        Unsafe.SkipInit(out Row<T> first);
        Unsafe.SkipInit(out Row<T> second);
        nuint rows = length / RowLength, rest = length % RowLength;
        if (rows > 0)
            Columns(terms, RowLength, 0, rows, RowLength, ref first.First, ref second.First, isFlat: true);
        if (rest > 0)
        {
            var link = new Link<TTerms, T>(terms, rows * RowLength, rows > 0, ref first.First, ref second.First);
            Ladder.Descend<Link<TTerms, T>, T>(ref link, rest);
        }
        nuint count = rows > 0 ? RowLength : rest;
        return new(FlatReduction.Fold(default(Sum<T>), ref first.First, count), FlatReduction.Fold(default(Sum<T>), ref second.First, count));
    }

    /// <summary>Both sums over the rows of a matrix, for columns start … start + columns − 1, at most 128.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="start">The first column.</param>
    /// <param name="rows">The number of rows, at least 1.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="first">The first sums: a row.</param>
    /// <param name="second">The second sums: a row.</param>
    /// <param name="isFlat">Whether the matrix is a flat span: columns are then offsets.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Columns<TTerms, T>(
        scoped in TTerms terms, nuint stride, nuint start, nuint rows, nuint columns, ref T first, ref T second, bool isFlat = false)
        where TTerms : struct, ITwinTerms<T>, allows ref struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows <= Reduce.BlockRows)
        {
            var block = new Block<TTerms, T>(terms, stride, start, 0, rows, new Counter(0, IsLast: true), ref first, ref second, ref first, ref second, isFlat);
            Ladder.Descend<Block<TTerms, T>, T>(ref block, columns);
        }
        else
            Many(terms, stride, start, rows, columns, ref first, ref second, isFlat);
    }

    // Not inlined: its levels would be cleared, in every caller.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Many<TTerms, T>(scoped in TTerms terms, nuint stride, nuint start, nuint rows, nuint columns, ref T first, ref T second, bool isFlat)
        where TTerms : struct, ITwinTerms<T>, allows ref struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const nuint height = Reduce.BlockRows;
        nuint blocks = (rows + height - 1) / height;
        Unsafe.SkipInit(out Levels<T> firsts);
        Unsafe.SkipInit(out Levels<T> seconds);
        for (nuint done = 0; done < blocks; done++)
        {
            nuint row = done * height;
            bool last = done == blocks - 1;
            var block = new Block<TTerms, T>(
                terms, stride, start, row, last ? rows - row : height, new Counter(done, last), ref firsts.At(0), ref seconds.At(0), ref first, ref second, isFlat);
            Ladder.Descend<Block<TTerms, T>, T>(ref block, columns);
        }
    }

    /// <summary>One block: each column from its first row to its last, then joined with the trees of the blocks before.</summary>
    private readonly ref struct Block<TTerms, T>(
        in TTerms terms, nuint stride, nuint start, nuint row, nuint rows, Counter counter,
        ref T firsts, ref T seconds, ref T first, ref T second, bool isFlat) : ILoop<T>
        where TTerms : struct, ITwinTerms<T>, allows ref struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TTerms _terms = terms;
        private readonly ref T _firsts = ref firsts;
        private readonly ref T _seconds = ref seconds;
        private readonly ref T _first = ref first;
        private readonly ref T _second = ref second;
        private readonly nuint _stride = stride;
        private readonly nuint _start = start;
        private readonly nuint _row = row;
        private readonly nuint _rows = rows;
        private readonly Counter _counter = counter;
        private readonly bool _isFlat = isFlat;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            if (i + 4 * (nuint)V.Count <= length)
                i = Four<V>(i, length);
            return i + (nuint)V.Count <= length ? One<V>(i, length) : i;
        }

        // Four columns with two chains each: eight chains hide the latency, and narrow machines have registers for them.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint Four<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TTerms terms = _terms;
            nuint stride = _stride, w = (nuint)V.Count, end = _row + _rows;
            bool flat = _isFlat;
            for (; i + 4 * w <= length; i += 4 * w)
            {
                nuint row = _row, offset = row * stride + _start + i, column = flat ? offset : _start + i;
                Twin<V> t0 = terms.At<V>(row, offset, column), t1 = terms.At<V>(row, offset + w, column + w);
                Twin<V> t2 = terms.At<V>(row, offset + 2 * w, column + 2 * w), t3 = terms.At<V>(row, offset + 3 * w, column + 3 * w);
                V a0 = t0.First, a1 = t1.First, a2 = t2.First, a3 = t3.First, b0 = t0.Second, b1 = t1.Second, b2 = t2.Second, b3 = t3.Second;
                for (row++; row < end; row++)
                {
                    offset += stride;
                    column = flat ? offset : column;
                    t0 = terms.At<V>(row, offset, column);
                    t1 = terms.At<V>(row, offset + w, column + w);
                    t2 = terms.At<V>(row, offset + 2 * w, column + 2 * w);
                    t3 = terms.At<V>(row, offset + 3 * w, column + 3 * w);
                    (a0, a1, a2, a3) = (a0 + t0.First, a1 + t1.First, a2 + t2.First, a3 + t3.First);
                    (b0, b1, b2, b3) = (b0 + t0.Second, b1 + t1.Second, b2 + t2.Second, b3 + t3.Second);
                }

                nuint level = 0, bits = _counter.Done;
                for (; _counter.Joins(bits); bits >>= 1, level++)
                {
                    if ((bits & 1) == 0)
                        continue;
                    ref T a = ref Unsafe.Add(ref _firsts, level * RowLength + i), b = ref Unsafe.Add(ref _seconds, level * RowLength + i);
                    (a0, a1, a2, a3) = (V.Load(in a, 0) + a0, V.Load(in a, w) + a1, V.Load(in a, 2 * w) + a2, V.Load(in a, 3 * w) + a3);
                    (b0, b1, b2, b3) = (V.Load(in b, 0) + b0, V.Load(in b, w) + b1, V.Load(in b, 2 * w) + b2, V.Load(in b, 3 * w) + b3);
                }
                nuint at = _counter.IsLast ? i : level * RowLength + i;
                ref T first = ref Unsafe.Add(ref _counter.IsLast ? ref _first : ref _firsts, at);
                ref T second = ref Unsafe.Add(ref _counter.IsLast ? ref _second : ref _seconds, at);
                V.Store(a0, ref first, 0);
                V.Store(a1, ref first, w);
                V.Store(a2, ref first, 2 * w);
                V.Store(a3, ref first, 3 * w);
                V.Store(b0, ref second, 0);
                V.Store(b1, ref second, w);
                V.Store(b2, ref second, 2 * w);
                V.Store(b3, ref second, 3 * w);
            }
            return i;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private nuint One<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            TTerms terms = _terms;
            nuint w = (nuint)V.Count, end = _row + _rows;
            for (; i + w <= length; i += w)
            {
                nuint row = _row, offset = row * _stride + _start + i;
                Twin<V> t = terms.At<V>(row, offset, _isFlat ? offset : _start + i);
                V a = t.First, b = t.Second;
                for (row++; row < end; row++)
                {
                    offset += _stride;
                    t = terms.At<V>(row, offset, _isFlat ? offset : _start + i);
                    (a, b) = (a + t.First, b + t.Second);
                }

                nuint level = 0, bits = _counter.Done;
                for (; _counter.Joins(bits); bits >>= 1, level++)
                {
                    if ((bits & 1) != 0)
                        (a, b) = (V.Load(in _firsts, level * RowLength + i) + a, V.Load(in _seconds, level * RowLength + i) + b);
                }
                nuint at = _counter.IsLast ? i : level * RowLength + i;
                V.Store(a, ref _counter.IsLast ? ref _first : ref _firsts, at);
                V.Store(b, ref _counter.IsLast ? ref _second : ref _seconds, at);
            }
            return i;
        }
    }

    /// <summary>The elements of the short row at the end: added to the row, or the row itself where there is no other.</summary>
    private readonly ref struct Link<TTerms, T>(in TTerms terms, nuint start, bool joins, ref T first, ref T second) : ILoop<T>
        where TTerms : struct, ITwinTerms<T>, allows ref struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TTerms _terms = terms;
        private readonly nuint _start = start;
        private readonly bool _joins = joins;
        private readonly ref T _first = ref first;
        private readonly ref T _second = ref second;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            {
                Twin<V> t = _terms.At<V>(0, _start + i, _start + i);
                V.Store(_joins ? V.Load(in _first, i) + t.First : t.First, ref _first, i);
                V.Store(_joins ? V.Load(in _second, i) + t.Second : t.Second, ref _second, i);
            }
            return i;
        }
    }
}
