using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>Σⱼ yⱼ·(log yⱼ − pⱼ) of each row: how much the distribution y tells beyond the one with log probabilities p. Mean over rows.</summary>
/// <remarks>
/// Affine in p, so convex; convex in the logits where p is their log-softmax. The mean is over rows, torch's batchmean: its mean over all
/// elements is no divergence.
/// </remarks>
/// <param name="logTarget">Whether the target too is given as log probabilities.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class KlDivergence<T>(bool logTarget = false, Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "kl-divergence";

    /// <inheritdoc/>
    public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 0, Smoothness: 0) { IsConvexInLogits = true };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The divergence of each row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A probability of the target is negative.</exception>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target)
    {
        Tensor<T> values = Values(prediction, target);
        Tensor<T> terms = logTarget ? prediction.Zip(values, default(KlLogTerm<T>)) : prediction.Zip(values.CheckRange(0, double.PositiveInfinity, "target probability"), default(KlTerm<T>));
        return terms.Sum([-1]);
    }
}
