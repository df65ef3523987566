using System.Numerics;
using System.Runtime.CompilerServices;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Reductions;
using FastGrad.Kernels.Simd;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>Group normalization of each example's groups of channels: y = (x − μ)·(r·w) + b; with one channel a group, instance normalization.</summary>
/// <remarks>
/// Wu, He 2018, <see href="https://arxiv.org/abs/1803.08494"/>, eq. 1 and 6; Ulyanov, Vedaldi, Lempitsky 2016, <see href="https://arxiv.org/abs/1607.08022"/>.
/// μ and r = 1/√(σ² + ε) are one group's in one example, the variance biased and in two passes; w and b are one channel's. Sums over a group have
/// the order of flat spans. As torch.nn.functional.group_norm.
/// </remarks>
public static unsafe class GroupNorm
{
    /// <summary>y = group norm of x.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="weight">The scale w of each channel; none for 1.</param>
    /// <param name="bias">The shift b of each channel; none for 0.</param>
    /// <param name="shape">How x is laid out; the outer axis counts examples.</param>
    /// <param name="groups">The number of groups, a divisor of the channels.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="y">As many results; the memory of <paramref name="x"/>, or none of it.</param>
    /// <param name="mean">μ of each group of each example: outer·groups.</param>
    /// <param name="reciprocal">r of each group of each example.</param>
    /// <param name="workers">The team to share the groups; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, spans overlap, or the groups do not divide the channels.</exception>
    public static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, ChannelShape shape, int groups, T epsilon, Span<T> y, Span<T> mean, Span<T> reciprocal, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(x, mean, reciprocal, shape, groups);
        SpanCheck.SameLength(x, y);
        SpanCheck.SameOrDisjoint(x, y);
        SpanCheck.Disjoint<T>(mean, y);
        SpanCheck.Disjoint<T>(reciprocal, y);
        SpanCheck.Disjoint<T>(x, mean);
        SpanCheck.Disjoint<T>(x, reciprocal);
        shape.CheckChannels(weight, mayBeEmpty: true);
        shape.CheckChannels(bias, mayBeEmpty: true);
        if (x.Length == 0)
            return;
        fixed (T* px = x, pw = weight, pb = bias, py = y, pm = mean, pr = reciprocal)
            RowJob<ForwardKernel<T>>.Run(
                new() { X = px, Weight = pw, Bias = pb, Y = py, Mean = pm, Reciprocal = pr, Shape = shape, Groups = groups, Epsilon = epsilon },
                shape.Outer * groups, shape.Length, workers);
    }

    /// <summary>dx = r·(g − Σg/n − x̂·Σ(g·x̂)/n) over each group, or += that, with g = dy·w and x̂ = (x − μ)·r.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="weight">The scale w of each channel; none for 1.</param>
    /// <param name="mean">μ, as <see cref="Forward{T}"/> left it.</param>
    /// <param name="reciprocal">r, as <see cref="Forward{T}"/> left it.</param>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="shape">How x is laid out.</param>
    /// <param name="groups">The number of groups.</param>
    /// <param name="dx">The gradient with respect to the inputs; it may be the memory of <paramref name="x"/> or <paramref name="dy"/>.</param>
    /// <param name="accumulate">Whether to add.</param>
    /// <param name="workers">The team to share the groups; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, spans overlap without being the same, or the groups do not divide the channels.</exception>
    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean, ReadOnlySpan<T> reciprocal, ReadOnlySpan<T> dy, ChannelShape shape, int groups,
        Span<T> dx, bool accumulate, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(x, mean, reciprocal, shape, groups);
        shape.Check(dy);
        shape.Check((ReadOnlySpan<T>)dx);
        SpanCheck.SameOrDisjoint(x, dx);
        SpanCheck.SameOrDisjoint(dy, dx);
        shape.CheckChannels(weight, mayBeEmpty: true);
        if (x.Length == 0)
            return;
        fixed (T* px = x, pw = weight, pm = mean, pr = reciprocal, pd = dy, pdx = dx)
        {
            if (accumulate)
                RowJob<BackwardKernel<Added, T>>.Run(
                    new() { X = px, Weight = pw, Mean = pm, Reciprocal = pr, Dy = pd, Dx = pdx, Shape = shape, Groups = groups }, shape.Outer * groups, shape.Length, workers);
            else
                RowJob<BackwardKernel<Written, T>>.Run(
                    new() { X = px, Weight = pw, Mean = pm, Reciprocal = pr, Dy = pd, Dx = pdx, Shape = shape, Groups = groups }, shape.Outer * groups, shape.Length, workers);
        }
    }

    /// <summary>dw = Σ dy·x̂ and db = Σ dy over examples and inner elements, or += those: each example's run, then the examples in order.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="mean">μ, as <see cref="Forward{T}"/> left it.</param>
    /// <param name="reciprocal">r, as <see cref="Forward{T}"/> left it.</param>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="shape">How x is laid out.</param>
    /// <param name="groups">The number of groups.</param>
    /// <param name="dweight">The gradient with respect to the weight; or none.</param>
    /// <param name="dbias">The gradient with respect to the bias; or none.</param>
    /// <param name="accumulate">Whether to add.</param>
    /// <param name="workers">The team to share the channels; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the groups do not divide the channels.</exception>
    public static void BackwardParameters<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> reciprocal, ReadOnlySpan<T> dy, ChannelShape shape, int groups,
        Span<T> dweight, Span<T> dbias, bool accumulate, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(x, mean, reciprocal, shape, groups);
        shape.Check(dy);
        shape.CheckChannels((ReadOnlySpan<T>)dweight, mayBeEmpty: true);
        shape.CheckChannels((ReadOnlySpan<T>)dbias, mayBeEmpty: true);
        fixed (T* px = x, pm = mean, pr = reciprocal, pd = dy, pdw = dweight, pdb = dbias)
            RowJob<ParameterKernel<T>>.Run(
                new() { X = px, Mean = pm, Reciprocal = pr, Dy = pd, DWeight = pdw, DBias = pdb, Shape = shape, Groups = groups, Accumulate = accumulate },
                shape.Channels, shape.Length, workers);
    }

    private static void Check<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> reciprocal, ChannelShape shape, int groups)
    {
        shape.Check(x);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        if (shape.Channels % groups != 0)
            throw new ArgumentException($"{shape.Channels} channels in {groups} groups; expected a divisor of the channels.", nameof(groups));
        RowCheck.Rows(mean, shape.Outer * groups);
        RowCheck.Rows(reciprocal, shape.Outer * groups);
    }

    private struct ForwardKernel<T> : IRowKernel
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Weight, Bias, Y, Mean, Reciprocal;
        public ChannelShape Shape;
        public int Groups;
        public T Epsilon;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int first, int count)
        {
            int width = Shape.Channels / Groups, length = width * Shape.Inner;
            T n = T.CreateTruncating(length);
            for (int row = first; row < first + count; row++)
            {
                nint start = (nint)row * length;
                ref T x = ref X[start];
                T mean = FlatReduction.Of(default(Sum<T>), ref x, ref x, (nuint)length) / n;
                T r = T.One / T.Sqrt(FlatReduction.Of(new SquaredDeviations<T>(mean), ref x, ref x, (nuint)length) / n + Epsilon);
                (Mean[row], Reciprocal[row]) = (mean, r);
                for (int k = 0; k < width; k++, start += Shape.Inner)
                {
                    int channel = row % Groups * width + k;
                    RunForward<T>.Of(ref X[start], mean, Weight == null ? r : r * Weight[channel], Bias == null ? T.Zero : Bias[channel], ref Y[start], Shape.Inner);
                }
            }
        }
    }

    private struct BackwardKernel<TStore, T> : IRowKernel
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Weight, Mean, Reciprocal, Dy, Dx;
        public ChannelShape Shape;
        public int Groups;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int first, int count)
        {
            int width = Shape.Channels / Groups, inner = Shape.Inner;
            T n = T.CreateTruncating(width * inner);
            for (int row = first; row < first + count; row++)
            {
                nint start = (nint)row * width * inner;
                T mean = Mean[row], r = Reciprocal[row], sum = T.Zero, moment = T.Zero;
                for (int k = 0; k < width; k++)
                {
                    T w = Weight == null ? T.One : Weight[row % Groups * width + k];
                    Twin<T> run = TwinSum.Of<Deviations<T>, T>(new(X + start + k * inner, Dy + start + k * inner, mean), (nuint)inner);
                    (sum, moment) = (sum + w * run.First, moment + w * run.Second);
                }
                // With the weight drawn out, dx = r·w·(dy − (Σg/n)/w − …) would divide by it; so the shift stays outside of the product.
                T shift = sum / n, slope = r * r * (moment / n);
                for (int k = 0; k < width; k++, start += inner)
                {
                    T w = Weight == null ? T.One : Weight[row % Groups * width + k];
                    var loop = new Loop<TStore, T>(ref X[start], ref Dy[start], mean, w, shift, slope, r, ref Dx[start]);
                    Ladder.Descend<Loop<TStore, T>, T>(ref loop, (nuint)inner);
                }
            }
        }
    }

    private struct ParameterKernel<T> : IRowKernel
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public T* X, Mean, Reciprocal, Dy, DWeight, DBias;
        public ChannelShape Shape;
        public int Groups;
        public bool Accumulate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int first, int count)
        {
            int width = Shape.Channels / Groups;
            for (int c = first; c < first + count; c++)
            {
                T weight = T.Zero, bias = T.Zero;
                for (int o = 0; o < Shape.Outer; o++)
                {
                    nint start = ((nint)o * Shape.Channels + c) * Shape.Inner;
                    int row = o * Groups + c / width;
                    Twin<T> run = TwinSum.Of<Deviations<T>, T>(new(X + start, Dy + start, Mean[row]), (nuint)Shape.Inner);
                    (weight, bias) = (weight + Reciprocal[row] * run.Second, bias + run.First);
                }
                if (DWeight != null)
                    DWeight[c] = Accumulate ? DWeight[c] + weight : weight;
                if (DBias != null)
                    DBias[c] = Accumulate ? DBias[c] + bias : bias;
            }
        }
    }

    /// <summary>dy and dy·(x − μ).</summary>
    internal readonly struct Deviations<T>(T* x, T* dy, T mean) : ITwinTerms<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Twin<V> At<V>(nuint row, nuint offset, nuint column)
            where V : struct, ISimdVector<V, T>
        {
            V d = V.Load(in *dy, offset);
            return new(d, d * (V.Load(in *x, offset) - V.Create(mean)));
        }
    }

    private readonly ref struct Loop<TStore, T>(ref T x, ref T dy, T m, T w, T s, T k, T r, ref T dx) : ILoop<T>
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly ref T _x = ref x;
        private readonly ref T _dy = ref dy;
        private readonly ref T _dx = ref dx;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public nuint Run<V>(nuint i, nuint length)
            where V : struct, ISimdVector<V, T>
        {
            V mean = V.Create(m), weight = V.Create(w), shift = V.Create(s), slope = V.Create(k), reciprocal = V.Create(r);
            for (; i + (nuint)V.Count <= length; i += (nuint)V.Count)
                TStore.Put(reciprocal * (V.Load(in _dy, i) * weight - shift - (V.Load(in _x, i) - mean) * slope), ref _dx, i);
            return i;
        }
    }
}
