using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>1 − (2Σ p·y + s)/(Σ p + Σ y + s) of each sample, from probabilities p and a mask y: one minus the overlap. Mean over samples.</summary>
/// <remarks>Sums go over all axes but the first. Not convex. Milletari, Navab, Ahmadi 2016, arXiv:1606.04797.</remarks>
/// <exception cref="ArgumentOutOfRangeException">s is negative.</exception>
/// <param name="smooth">What keeps the quotient defined for empty masks.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Dice<T>(double smooth = 1, Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _smooth = T.CreateTruncating(ArgumentGuard.NotNegative(smooth));

    /// <inheritdoc/>
    public override string Name => "dice";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotConvex with { IsConvexInLogits = false };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each sample.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target)
    {
        Tensor<T> mask = Values(prediction, target);
        if (prediction.Rank < 2)
            throw new ArgumentException($"{Name}: the prediction has shape {prediction.Shape}; expected [samples, …].", nameof(prediction));
        Tensor<T> p = prediction.Flatten(1), y = mask.Flatten(1);
        Tensor<T> overlap = T.CreateTruncating(2) * (p * y).Sum([-1]) + _smooth;
        return T.One - overlap / (p.Sum([-1]) + y.Sum([-1]) + _smooth);
    }
}
