using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>½e²/β for |e| &lt; β, |e| − ½β beyond, of the error e = p − y. Mean over all elements.</summary>
/// <remarks>Convex and smooth with constant 1/β. As torch.nn.SmoothL1Loss. Girshick 2015, arXiv:1504.08083.</remarks>
/// <exception cref="ArgumentOutOfRangeException">β is not positive and finite; for β = 0 use <see cref="MeanAbsoluteError{T}"/>.</exception>
/// <param name="beta">The bend β.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SmoothL1<T>(double beta = 1, Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _beta = T.CreateTruncating(ArgumentGuard.Positive(beta));

    /// <inheritdoc/>
    public override string Name => "smooth-l1";

    /// <inheritdoc/>
    public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 0, Smoothness: 1 / beta) { IsConvexInLogits = false };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target) =>
        prediction.Zip(Values(prediction, target), new OfDifference<SmoothL1Term<T>, T>(new(_beta)));
}
