using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>Cross entropy that forgets what is already right: −α·(1 − σ(z))^γ·log σ(z) for y = 1, −(1 − α)·σ(z)^γ·log(1 − σ(z)) for y = 0. Mean over all elements.</summary>
/// <remarks>From logits z. Not convex for γ &gt; 0. Lin, Goyal, Girshick, He, Dollár 2017, arXiv:1708.02002.</remarks>
/// <exception cref="ArgumentOutOfRangeException">γ is negative, or α is not within 0 and 1.</exception>
/// <param name="gamma">The focus γ.</param>
/// <param name="alpha">The weight α of positive examples; negative ones have 1 − α.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Focal<T>(double gamma = 2, double alpha = 0.25, Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _gamma = T.CreateTruncating(ArgumentGuard.NotNegative(gamma));
    private readonly T _alpha = T.CreateTruncating(ArgumentGuard.Fraction(alpha));

    /// <inheritdoc/>
    public override string Name => "focal";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotConvex with { IsConvexInLogits = false };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target) =>
        prediction.Zip(Values(prediction, target), new FocalTerm<T>(_gamma, _alpha));
}
