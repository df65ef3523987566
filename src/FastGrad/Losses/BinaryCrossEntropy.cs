using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>−y·log σ(z) − (1 − y)·log(1 − σ(z)) from the logit z: the loss of logistic regression. Targets y lie in [0, 1].</summary>
/// <remarks>∂ℓ/∂z = σ(z) − y. A term is convex in z, not strongly (its curvature σ(1 − σ) vanishes far out), and smooth with constant ¼.</remarks>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BinaryCrossEntropy<T>(Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "binary-cross-entropy";

    /// <inheritdoc/>
    public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 0, Smoothness: 0.25);

    /// <summary>The loss of each element, from logits.</summary>
    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target) =>
        prediction.Zip(Values(prediction, target), default(BceWithLogits<T>));
}
