using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Elementwise.Operators;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>|p − y|, whose mean is least at the median. Mean over all elements.</summary>
/// <remarks>∂ℓ/∂p = sign(p − y), 0 at p = y. Convex, not smooth. As torch.nn.L1Loss.</remarks>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MeanAbsoluteError<T>(Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "mean-absolute-error";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotSmooth with { IsConvexInLogits = false };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target) =>
        prediction.Zip(Values(prediction, target), default(OfDifference<Abs<T>, T>));
}
