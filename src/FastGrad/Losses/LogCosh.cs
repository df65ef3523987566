using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>log cosh(p − y): like ½e² near 0, like |e| − log 2 far out. Mean over all elements.</summary>
/// <remarks>∂ℓ/∂p = tanh(p − y). Convex and smooth with constant 1.</remarks>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LogCosh<T>(Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "log-cosh";

    /// <inheritdoc/>
    public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 0, Smoothness: 1) { IsConvexInLogits = false };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>The loss of each element.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target) =>
        prediction.Zip(Values(prediction, target), default(OfDifference<LogCoshTerm<T>, T>));
}
