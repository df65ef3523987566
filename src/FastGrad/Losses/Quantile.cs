using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>max(τ(y − p), (τ − 1)(y − p)): whose mean is least at the τ-quantile of y. Mean over all elements.</summary>
/// <remarks>Convex, not smooth. Koenker and Bassett 1978.</remarks>
/// <exception cref="ArgumentOutOfRangeException">τ is not within 0 and 1.</exception>
/// <param name="level">The level τ.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Quantile<T>(double level, Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _level = T.CreateTruncating(ArgumentGuard.Fraction(level));

    /// <inheritdoc/>
    public override string Name => "quantile";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotSmooth;

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target) =>
        prediction.Zip(Values(prediction, target), new OfDifference<PinballTerm<T>, T>(new(_level)));
}
