using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>max(0, c − y·z) from the score z, for targets y of −1 or 1: the loss of support vector machines. Mean over all elements.</summary>
/// <remarks>Convex in z, not smooth. Cortes and Vapnik 1995.</remarks>
/// <exception cref="ArgumentOutOfRangeException">The margin is not finite.</exception>
/// <param name="margin">The margin c.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Hinge<T>(double margin = 1, Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _margin = T.CreateTruncating(ArgumentGuard.Finite(margin));

    /// <inheritdoc/>
    public override string Name => "hinge";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotSmooth with { IsConvexInLogits = true };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target) =>
        prediction.Zip(Values(prediction, target), new OfProduct<HingeTerm<T>, T>(new(_margin)));
}
