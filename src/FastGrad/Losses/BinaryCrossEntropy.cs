using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>−w·y·log σ(z) − (1 − y)·log(1 − σ(z)) from the logit z: the loss of logistic regression. Targets y lie in [0, 1].</summary>
/// <remarks>
/// ∂ℓ/∂z = σ(z) − y for w = 1. A term is convex in z, not strongly (its curvature vanishes far out), and smooth with constant
/// max(1, w)/4. As torch.nn.BCEWithLogitsLoss.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BinaryCrossEntropy<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _positiveWeight;

    /// <summary>Both classes weigh 1.</summary>
    /// <param name="reduction">What becomes of the terms.</param>
    public BinaryCrossEntropy(Reduction reduction = Reduction.Mean)
        : this(1, reduction)
    {
    }

    /// <summary>Positive examples weigh more, or less: classes / positives − 1 makes up for few of them.</summary>
    /// <param name="positiveWeight">The weight w of positive examples.</param>
    /// <param name="reduction">What becomes of the terms.</param>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not positive and finite.</exception>
    public BinaryCrossEntropy(double positiveWeight, Reduction reduction = Reduction.Mean)
        : base(reduction) => _positiveWeight = ArgumentGuard.Positive(positiveWeight);

    /// <inheritdoc/>
    public override string Name => "binary-cross-entropy";

    /// <inheritdoc/>
    public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 0, Smoothness: Math.Max(1, _positiveWeight) / 4) { IsConvexInLogits = true };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element, from logits.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target)
    {
        Tensor<T> values = Values(prediction, target);
        return _positiveWeight == 1
            ? prediction.Zip(values, default(BceWithLogits<T>))
            : prediction.Zip(values, new WeightedBceWithLogits<T>(T.CreateTruncating(_positiveWeight)));
    }
}
