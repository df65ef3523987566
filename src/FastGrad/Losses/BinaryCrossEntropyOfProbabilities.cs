using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>−y·log p − (1 − y)·log(1 − p) from the probability p in [0, 1]. Mean over all elements.</summary>
/// <remarks>
/// Convex in p, and in the logits where p is their sigmoid, but for probabilities within e⁻¹⁰⁰ of certain and wrong: logarithms are held at −100, as in torch.nn.BCELoss. From logits
/// <see cref="BinaryCrossEntropy{T}"/> keeps more digits.
/// </remarks>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BinaryCrossEntropyOfProbabilities<T>(Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "binary-cross-entropy-of-probabilities";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotSmooth with { IsConvexInLogits = true };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A prediction lies outside 0 … 1.</exception>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target)
    {
        Tensor<T> values = Values(prediction, target);
        return prediction.CheckRange(0, 1, "probability").Zip(values, default(BinaryCrossEntropyTerm<T>));
    }
}
