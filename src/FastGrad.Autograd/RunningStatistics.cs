using System.Numerics;

namespace FastGrad.Autograd;

/// <summary>Means and variances that follow those of batches: r ← (1 − m)·r + m·s.</summary>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="mean">The running mean of each channel.</param>
/// <param name="variance">The running variance of each channel.</param>
/// <param name="batches">The number of batches so far: one element.</param>
/// <param name="momentum">m; null for 1/batches, so that the statistics are plain means.</param>
public sealed class RunningStatistics<T>(Tensor<T> mean, Tensor<T> variance, Tensor<T> batches, double? momentum)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Moves towards a batch; in a captured program as one of its instructions, in a checkpointed segment once.</summary>
    /// <param name="batchMean">The batch's mean of each channel.</param>
    /// <param name="batchVariance">The batch's biased variance of each channel. The running one takes it times n/(n − 1).</param>
    /// <param name="count">n, the number of elements of a channel in the batch.</param>
    public void Move(Tensor<T> batchMean, Tensor<T> batchVariance, int count) => Recomputation.Once(() =>
    {
        ArgumentNullException.ThrowIfNull(batchMean);
        ArgumentNullException.ThrowIfNull(batchVariance);
        void Action() => Step(batchMean.Dense(), batchVariance.Dense(), count);
        if (Recorder.Current is { } recorder)
            recorder.Add(new OpaqueInstruction("running-statistics", Action, [batchMean.Storage, batchVariance.Storage]));
        else
            Action();
    });

    private void Step(ReadOnlySpan<T> batchMean, ReadOnlySpan<T> batchVariance, int count)
    {
        ref T seen = ref batches.AsSpan()[0];
        seen += T.One;
        T m = momentum is { } given ? T.CreateTruncating(given) : T.One / seen, unbiased = T.CreateTruncating(count) / T.CreateTruncating(count - 1);
        Span<T> means = mean.AsSpan(), variances = variance.AsSpan();
        for (int c = 0; c < means.Length; c++)
        {
            means[c] = (T.One - m) * means[c] + m * batchMean[c];
            variances[c] = (T.One - m) * variances[c] + m * (batchVariance[c] * unbiased);
        }
    }
}
