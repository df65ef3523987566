using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>log Σⱼ eᶻʲ − z_label from the logits z of a row: the loss of classification. Mean over rows.</summary>
/// <remarks>
/// ∂ℓ/∂z = p − onehot(label) with p = softmax(z). A term is convex in z, not strongly (adding a constant to z changes nothing), and smooth
/// with constant ½: the Hessian diag(p) − ppᵀ has no eigenvalue above ½.
/// </remarks>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CrossEntropy<T>(Reduction reduction = Reduction.Mean) : Loss<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "cross-entropy";

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 0, Smoothness: 0.5);

    /// <summary>The loss of each row: logits [rows, classes], labels [rows].</summary>
    /// <exception cref="ArgumentException">The target is no labels, or of another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target) =>
        target.Labels is { } labels
            ? prediction.SoftmaxCrossEntropy(labels)
            : throw new ArgumentException($"{Name} compares with class labels (a Tensor<int>), but got {target}.", nameof(target));
}
