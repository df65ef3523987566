using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Kernels.Losses;

namespace FastGrad.Losses;

/// <summary>(p − y)², the loss of regression. Mean over all elements; no factor ½, as in PyTorch.</summary>
/// <remarks>∂ℓ/∂p = 2(p − y). A term is strongly convex with modulus 2 and smooth with constant 2.</remarks>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MeanSquaredError<T>(Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "mean-squared-error";

    /// <inheritdoc/>
    public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 2, Smoothness: 2) { IsConvexInLogits = false };

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <summary>(p − y)² of each element.</summary>
    /// <inheritdoc/>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target) =>
        prediction.Zip(Values(prediction, target), default(SquaredError<T>));
}
