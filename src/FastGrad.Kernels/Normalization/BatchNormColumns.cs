using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>Batch norm where a channel is a column: strips of 128 channels, each a chain over blocks of 32 rows, then a tree.</summary>
internal unsafe struct BatchNormColumns<T> : IRowKernel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, Weight, Bias, Mean, Variance, Y;
    public ChannelShape Shape;
    public T Epsilon;
    public bool Measures;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int first, int count)
    {
        Unsafe.SkipInit(out Row<T> scales);
        Unsafe.SkipInit(out Row<T> shifts);
        T n = T.CreateTruncating(Shape.Outer);
        for (int strip = first; strip < first + count; strip++)
        {
            int start = strip * Reduce.RowLength, columns = Math.Min(Reduce.RowLength, Shape.Channels - start);
            if (Measures)
            {
                ColumnReduction.Of(default(Sum<T>), ref X[start], ref X[start], (nuint)Shape.Channels, (nuint)Shape.Outer, (nuint)columns, ref Mean[start]);
                for (int c = start; c < start + columns; c++)
                    Mean[c] /= n;
                TwinSum.Columns<ColumnDeviations<T>, T>(
                    new(X, Mean), (nuint)Shape.Channels, (nuint)start, (nuint)Shape.Outer, (nuint)columns, ref Variance[start], ref shifts.First);
                for (int c = start; c < start + columns; c++)
                    Variance[c] /= n;
            }
            if (Y == null)
                continue;
            for (int c = 0; c < columns; c++)
            {
                T a = T.One / T.Sqrt(Variance[start + c] + Epsilon);
                Unsafe.Add(ref scales.First, c) = Weight == null ? a : a * Weight[start + c];
                Unsafe.Add(ref shifts.First, c) = Bias == null ? T.Zero : Bias[start + c];
            }
            for (int row = 0; row < Shape.Outer; row++)
            {
                nint at = (nint)row * Shape.Channels + start;
                var loop = new Loop(ref X[at], ref Mean[start], ref scales.First, ref shifts.First, ref Y[at]);
                Ladder.Descend<Loop, T>(ref loop, (nuint)columns);
            }
        }
    }

    private readonly ref struct Loop(ref T x, ref T mean, ref T scale, ref T shift, ref T y) : ILoop<T>
    {
        private readonly ref T _x = ref x;
        private readonly ref T _mean = ref mean;
        private readonly ref T _scale = ref scale;
        private readonly ref T _shift = ref shift;
        private readonly ref T _y = ref y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
                V.Store((V.Load(in _x, i) - V.Load(in _mean, i)) * V.Load(in _scale, i) + V.Load(in _shift, i), ref _y, i);
            return i;
        }
    }
}

/// <summary>The gradients of batch norm where a channel is a column.</summary>
internal unsafe struct BatchNormColumnsBackward<TStore, T> : IRowKernel
    where TStore : struct, IStore
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, Weight, Mean, Variance, Dy, Dx, DWeight, DBias;
    public ChannelShape Shape;
    public T Epsilon;
    public bool IsMeasured;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int first, int count)
    {
        Unsafe.SkipInit(out Row<T> shifts);
        Unsafe.SkipInit(out Row<T> slopes);
        Unsafe.SkipInit(out Row<T> scales);
        T n = T.CreateTruncating(Shape.Outer);
        for (int strip = first; strip < first + count; strip++)
        {
            int start = strip * Reduce.RowLength, columns = Math.Min(Reduce.RowLength, Shape.Channels - start);
            TwinSum.Columns<Terms, T>(
                new Terms(X, Dy, Mean), (nuint)Shape.Channels, (nuint)start, (nuint)Shape.Outer, (nuint)columns, ref shifts.First, ref slopes.First);
            for (int c = 0; c < columns; c++)
            {
                T r = T.One / T.Sqrt(Variance[start + c] + Epsilon);
                ref T shift = ref Unsafe.Add(ref shifts.First, c), slope = ref Unsafe.Add(ref slopes.First, c);
                if (DWeight != null)
                    TStore.Put(new Lane<T>(slope * r), ref DWeight[start + c], 0);
                if (DBias != null)
                    TStore.Put(new Lane<T>(shift), ref DBias[start + c], 0);
                (shift, slope) = IsMeasured ? (shift / n, r * r * (slope / n)) : (T.Zero, T.Zero);
                Unsafe.Add(ref scales.First, c) = Weight == null ? r : r * Weight[start + c];
            }
            for (int row = 0; row < Shape.Outer && Dx != null; row++)
            {
                nint at = (nint)row * Shape.Channels + start;
                var loop = new Loop(ref X[at], ref Dy[at], ref Mean[start], ref scales.First, ref shifts.First, ref slopes.First, ref Dx[at]);
                Ladder.Descend<Loop, T>(ref loop, (nuint)columns);
            }
        }
    }

    private readonly struct Terms(T* x, T* dy, T* mean) : ITwinTerms<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Twin<V> At<V>(nuint row, nuint offset, nuint column)
            where V : struct, ISimdVector<V, T>
        {
            V d = V.Load(in *dy, offset);
            return new(d, d * (V.Load(in *x, offset) - V.Load(in *mean, column)));
        }
    }

    private readonly ref struct Loop(ref T x, ref T dy, ref T mean, ref T scale, ref T shift, ref T slope, ref T dx) : ILoop<T>
    {
        private readonly ref T _x = ref x;
        private readonly ref T _dy = ref dy;
        private readonly ref T _mean = ref mean;
        private readonly ref T _scale = ref scale;
        private readonly ref T _shift = ref shift;
        private readonly ref T _slope = ref slope;
        private readonly ref T _dx = ref dx;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
            {
                V deviation = V.Load(in _x, i) - V.Load(in _mean, i);
                TStore.Put(V.Load(in _scale, i) * (V.Load(in _dy, i) - V.Load(in _shift, i) - deviation * V.Load(in _slope, i)), ref _dx, i);
            }
            return i;
        }
    }
}
