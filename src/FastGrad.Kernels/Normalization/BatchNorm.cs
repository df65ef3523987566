using System.Numerics;
using FastGrad.Kernels.Elementwise;
using FastGrad.Kernels.Workers;

namespace FastGrad.Kernels.Normalization;

/// <summary>Batch normalization of each channel: y = (x − μ)·(r·w) + b with r = 1/√(σ² + ε).</summary>
/// <remarks>
/// Ioffe, Szegedy 2015, <see href="https://arxiv.org/abs/1502.03167"/>, algorithm 1. In training μ and σ² are the batch's mean and biased
/// variance, in two passes; else they are given. The order of summation is a function of the shape: runs of inner elements as
/// flat spans, then the runs; without an inner axis chains of 32 rows, then a tree. As torch.nn.functional.batch_norm.
/// </remarks>
public static unsafe class BatchNorm
{
    /// <summary>y = batch norm of x with the batch's own mean and variance, which are left for the backward pass and running statistics.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="weight">The scale w of each channel; none for 1.</param>
    /// <param name="bias">The shift b of each channel; none for 0.</param>
    /// <param name="shape">How x is laid out.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="y">As many results; the memory of <paramref name="x"/>, or none of it. None at all where only the statistics are wanted.</param>
    /// <param name="mean">μ of each channel.</param>
    /// <param name="variance">σ² of each channel, biased: divided by the number of elements.</param>
    /// <param name="workers">The team to share the channels; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, spans overlap, or a channel has no elements.</exception>
    public static void ForwardTraining<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, ChannelShape shape, T epsilon, Span<T> y, Span<T> mean, Span<T> variance, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (shape.PerChannel == 0)
            throw new ArgumentException($"Batch norm of {shape.Outer}·{shape.Channels}·{shape.Inner} elements; expected at least one element a channel.", nameof(shape));
        SpanCheck.Disjoint<T>(mean, y);
        SpanCheck.Disjoint<T>(variance, y);
        SpanCheck.Disjoint<T>(x, mean);
        SpanCheck.Disjoint<T>(x, variance);
        Forward(x, weight, bias, mean, variance, shape, epsilon, y, measures: true, workers);
    }

    /// <summary>The mean and the biased variance of each channel, as <see cref="ForwardTraining{T}"/> leaves them.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="shape">How x is laid out.</param>
    /// <param name="mean">μ of each channel.</param>
    /// <param name="variance">σ² of each channel.</param>
    /// <param name="workers">The team to share the channels; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, spans overlap, or a channel has no elements.</exception>
    public static void Moments<T>(ReadOnlySpan<T> x, ChannelShape shape, Span<T> mean, Span<T> variance, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ForwardTraining(x, default, default, shape, T.Zero, default, mean, variance, workers);

    /// <summary>y = batch norm of x with a given mean and variance.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="weight">The scale w of each channel; none for 1.</param>
    /// <param name="bias">The shift b of each channel; none for 0.</param>
    /// <param name="mean">μ of each channel.</param>
    /// <param name="variance">σ² of each channel.</param>
    /// <param name="shape">How x is laid out.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="y">As many results; the memory of <paramref name="x"/>, or none of it.</param>
    /// <param name="workers">The team to share the channels; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap.</exception>
    public static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, ReadOnlySpan<T> mean, ReadOnlySpan<T> variance, ChannelShape shape, T epsilon, Span<T> y, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Forward(x, weight, bias, mean, variance, shape, epsilon, y, measures: false, workers);

    /// <summary>The gradients; those that are not wanted are empty.</summary>
    /// <remarks>
    /// With the batch's statistics dx = w·r·(dy − Σdy/n − (x − μ)·r²·Σ(dy·(x − μ))/n), else dx = w·r·dy; dw = r·Σ dy·(x − μ), db = Σ dy.
    /// </remarks>
    /// <param name="x">The inputs.</param>
    /// <param name="weight">The scale w of each channel; none for 1.</param>
    /// <param name="mean">μ of each channel.</param>
    /// <param name="variance">σ² of each channel.</param>
    /// <param name="isBatch">Whether μ and σ² are the batch's own.</param>
    /// <param name="dy">The gradient with respect to the outputs.</param>
    /// <param name="shape">How x is laid out.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="dx">The gradient with respect to the inputs, or none; it may be the memory of <paramref name="x"/> or <paramref name="dy"/>.</param>
    /// <param name="dweight">The gradient with respect to the weight, or none.</param>
    /// <param name="dbias">The gradient with respect to the bias, or none.</param>
    /// <param name="accumulate">Whether to add.</param>
    /// <param name="workers">The team to share the channels; none means the calling thread.</param>
    /// <exception cref="ArgumentException">A length does not fit, or spans overlap without being the same.</exception>
    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean, ReadOnlySpan<T> variance, bool isBatch, ReadOnlySpan<T> dy, ChannelShape shape, T epsilon,
        Span<T> dx, Span<T> dweight, Span<T> dbias, bool accumulate, WorkerTeam? workers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        shape.Check(x);
        shape.Check(dy);
        shape.CheckChannels(weight, mayBeEmpty: true);
        shape.CheckChannels(mean);
        shape.CheckChannels(variance);
        shape.CheckChannels((ReadOnlySpan<T>)dweight, mayBeEmpty: true);
        shape.CheckChannels((ReadOnlySpan<T>)dbias, mayBeEmpty: true);
        if (!dx.IsEmpty)
        {
            shape.Check((ReadOnlySpan<T>)dx);
            SpanCheck.SameOrDisjoint(x, dx);
            SpanCheck.SameOrDisjoint(dy, dx);
        }
        if (shape.Length == 0)
        {
            if (!accumulate)
            {
                dweight.Clear();
                dbias.Clear();
            }
            return;
        }
        if (accumulate)
            Backward<Added, T>(x, weight, mean, variance, isBatch, dy, shape, epsilon, dx, dweight, dbias, workers);
        else
            Backward<Written, T>(x, weight, mean, variance, isBatch, dy, shape, epsilon, dx, dweight, dbias, workers);
    }

    private static void Backward<TStore, T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean, ReadOnlySpan<T> variance, bool isBatch, ReadOnlySpan<T> dy, ChannelShape shape, T epsilon,
        Span<T> dx, Span<T> dweight, Span<T> dbias, WorkerTeam? workers)
        where TStore : struct, IStore
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* px = x, pw = weight, pm = mean, pv = variance, pd = dy, pdx = dx, pdw = dweight, pdb = dbias)
        {
            if (shape.Inner == 1)
                RowJob<BatchNormColumnsBackward<TStore, T>>.Run(
                    new() { X = px, Weight = pw, Mean = pm, Variance = pv, Dy = pd, Dx = pdx, DWeight = pdw, DBias = pdb, Shape = shape, Epsilon = epsilon, IsMeasured = isBatch },
                    Strips(shape), shape.Length, workers);
            else
                RowJob<BatchNormRunsBackward<TStore, T>>.Run(
                    new() { X = px, Weight = pw, Mean = pm, Variance = pv, Dy = pd, Dx = pdx, DWeight = pdw, DBias = pdb, Shape = shape, Epsilon = epsilon, IsMeasured = isBatch },
                    shape.Channels, shape.Length, workers);
        }
    }

    private static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, ReadOnlySpan<T> mean, ReadOnlySpan<T> variance, ChannelShape shape, T epsilon, Span<T> y, bool measures, WorkerTeam? workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        shape.Check(x);
        if (!measures || !y.IsEmpty)
            SpanCheck.SameLength(x, y);
        SpanCheck.SameOrDisjoint(x, y);
        shape.CheckChannels(weight, mayBeEmpty: true);
        shape.CheckChannels(bias, mayBeEmpty: true);
        shape.CheckChannels(mean);
        shape.CheckChannels(variance);
        if (x.Length == 0)
            return;
        fixed (T* px = x, pw = weight, pb = bias, pm = mean, pv = variance, py = y)
        {
            if (shape.Inner == 1)
                RowJob<BatchNormColumns<T>>.Run(
                    new() { X = px, Weight = pw, Bias = pb, Mean = pm, Variance = pv, Y = py, Shape = shape, Epsilon = epsilon, Measures = measures },
                    Strips(shape), shape.Length, workers);
            else
                RowJob<BatchNormRuns<T>>.Run(
                    new() { X = px, Weight = pw, Bias = pb, Mean = pm, Variance = pv, Y = py, Shape = shape, Epsilon = epsilon, Measures = measures },
                    shape.Channels, shape.Length, workers);
        }
    }

    private static int Strips(ChannelShape shape) => (shape.Channels + Reductions.Reduce.RowLength - 1) / Reductions.Reduce.RowLength;
}
