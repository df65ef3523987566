using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Reductions;

namespace FastGrad.Kernels.Normalization;

/// <summary>Batch norm where a channel's elements lie in runs: a channel's statistics, then its result, while it is in the cache.</summary>
internal unsafe struct BatchNormRuns<T> : IRowKernel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, Weight, Bias, Mean, Variance, Y;
    public ChannelShape Shape;
    public T Epsilon;
    public bool Measures;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int first, int count)
    {
        int inner = Shape.Inner;
        nint stride = (nint)Shape.Channels * inner;
        T n = T.CreateTruncating(Shape.PerChannel);
        for (int c = first; c < first + count; c++)
        {
            T* x = X + (nint)c * inner, y = Y + (nint)c * inner;
            if (Measures)
            {
                Mean[c] = ChannelSums.Of(default(Sum<T>), x, Shape) / n;
                Variance[c] = ChannelSums.Of(new SquaredDeviations<T>(Mean[c]), x, Shape) / n;
            }
            if (Y == null)
                continue;
            T a = T.One / T.Sqrt(Variance[c] + Epsilon), b = Bias == null ? T.Zero : Bias[c];
            if (Weight != null)
                a *= Weight[c];
            for (int o = 0; o < Shape.Outer; o++)
                RunForward<T>.Of(ref x[o * stride], Mean[c], a, b, ref y[o * stride], inner);
        }
    }
}

/// <summary>The gradients of batch norm where a channel's elements lie in runs.</summary>
internal unsafe struct BatchNormRunsBackward<TStore, T> : IRowKernel
    where TStore : struct, IStore
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, Weight, Mean, Variance, Dy, Dx, DWeight, DBias;
    public ChannelShape Shape;
    public T Epsilon;
    public bool IsMeasured;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run(int first, int count)
    {
        int inner = Shape.Inner;
        nint stride = (nint)Shape.Channels * inner;
        T n = T.CreateTruncating(Shape.PerChannel);
        for (int c = first; c < first + count; c++)
        {
            nint at = (nint)c * inner;
            T r = T.One / T.Sqrt(Variance[c] + Epsilon), mean = Mean[c], shift = T.Zero, slope = T.Zero;
            if (IsMeasured || DWeight != null || DBias != null)
            {
                Twin<T> sums = ChannelSums.Gradients(X + at, Dy + at, mean, Shape);
                if (IsMeasured)
                    (shift, slope) = (sums.First / n, r * r * (sums.Second / n));
                if (DWeight != null)
                    TStore.Put(new Simd.Lane<T>(sums.Second * r), ref DWeight[c], 0);
                if (DBias != null)
                    TStore.Put(new Simd.Lane<T>(sums.First), ref DBias[c], 0);
            }
            if (Dx == null)
                continue;
            T a = Weight == null ? r : r * Weight[c];
            for (int o = 0; o < Shape.Outer; o++, at += stride)
                RunBackward<TStore, T>.Of(ref X[at], ref Dy[at], mean, a, shift, slope, ref Dx[at], inner);
        }
    }
}
