using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>½e² for |e| ≤ δ, δ(|e| − ½δ) beyond, of the error e = p − y. Mean over all elements.</summary>
/// <remarks>Convex and smooth with constant 1. As torch.nn.HuberLoss. Huber 1964.</remarks>
/// <exception cref="ArgumentOutOfRangeException">δ is not positive and finite.</exception>
/// <param name="delta">The bend δ.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Huber<T>(double delta = 1, Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _delta = T.CreateTruncating(ArgumentGuard.Positive(delta));

    /// <inheritdoc/>
    public override string Name => "huber";

    /// <inheritdoc/>
    public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 0, Smoothness: 1) { IsConvexInLogits = false };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target) =>
        prediction.Zip(Values(prediction, target), new OfDifference<HuberTerm<T>, T>(new(_delta)));
}
