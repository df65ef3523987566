using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;

namespace FastGrad.Kernels.Normalization;

/// <summary>y = ((x − μ)·r)·w + b in each row, r = 1/√(Σ(x − μ)²/n + ε): layer norm, and with μ = 0 RMS norm.</summary>
/// <remarks>A row is read from memory once; mean, deviation and result are three passes over the first cache.</remarks>
internal unsafe struct RowNormForward<TAffine, T> : IRowKernel
    where TAffine : struct, IAffine
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, Weight, Bias, Y, Mean, Reciprocal;
    public int Columns;
    public T Epsilon;
    public bool Centred;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int first, int count)
    {
        // A row's first pass before the previous row's last: neither waits for the last steps of a reduction, for a root or a quotient.
        T opening = Opening(first);
        for (int r = first; r < first + count; r++)
        {
            T mean = Centred ? opening : T.Zero, reciprocal = Centred ? RowReciprocal(r, mean) : opening;
            if (r + 1 < first + count)
                opening = Opening(r + 1);
            Normalize(r, mean, reciprocal);
        }
    }

    /// <summary>What the first pass over a row gives: its mean or, where nothing is subtracted, r.</summary>
    private readonly T Opening(int r) => Centred ? RowMean(r) : RowReciprocal(r, T.Zero);

    private readonly T RowMean(int r)
    {
        ref T x = ref X[(nint)r * Columns];
        return FlatReduction.Of(default(Sum<T>), ref x, ref x, (nuint)Columns) / T.CreateTruncating(Columns);
    }

    private readonly T RowReciprocal(int r, T mean)
    {
        ref T x = ref X[(nint)r * Columns];
        T squares = Centred
            ? FlatReduction.Of(new SquaredDeviations<T>(mean), ref x, ref x, (nuint)Columns)
            : FlatReduction.Of(default(SumOfSquares<T>), ref x, ref x, (nuint)Columns);
        return T.One / T.Sqrt(squares / T.CreateTruncating(Columns) + Epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Normalize(int r, T mean, T reciprocal)
    {
        if (Mean != null)
            Mean[r] = mean;
        if (Reciprocal != null)
            Reciprocal[r] = reciprocal;
        var loop = new Loop(ref X[(nint)r * Columns], mean, reciprocal, ref *Weight, ref *Bias, ref Y[(nint)r * Columns]);
        Ladder.Descend<Loop, T>(ref loop, (nuint)Columns);
    }

    private readonly ref struct Loop(ref T x, T mean, T reciprocal, ref T weight, ref T bias, ref T y) : ILoop<T>
    {
        private readonly ref T _x = ref x;
        private readonly ref T _weight = ref weight;
        private readonly ref T _bias = ref bias;
        private readonly ref T _y = ref y;
        private readonly T _mean = mean;
        private readonly T _reciprocal = reciprocal;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            V mean = V.Create(_mean), reciprocal = V.Create(_reciprocal);
            ref T x = ref _x, y = ref _y, weight = ref _weight, bias = ref _bias;
            nuint w = (nuint)V.Count;
            for (; i + 4 * w <= length; i += 4 * w)
            {
                V y0 = TAffine.Of((V.Load(in x, i) - mean) * reciprocal, ref weight, ref bias, i);
                V y1 = TAffine.Of((V.Load(in x, i + w) - mean) * reciprocal, ref weight, ref bias, i + w);
                V y2 = TAffine.Of((V.Load(in x, i + 2 * w) - mean) * reciprocal, ref weight, ref bias, i + 2 * w);
                V y3 = TAffine.Of((V.Load(in x, i + 3 * w) - mean) * reciprocal, ref weight, ref bias, i + 3 * w);
                V.Store(y0, ref y, i);
                V.Store(y1, ref y, i + w);
                V.Store(y2, ref y, i + 2 * w);
                V.Store(y3, ref y, i + 3 * w);
            }
            for (; i + w <= length; i += w)
                V.Store(TAffine.Of((V.Load(in x, i) - mean) * reciprocal, ref weight, ref bias, i), ref y, i);
            return i;
        }
    }
}
