using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>−p[label] of each row of log probabilities p. Mean over rows.</summary>
/// <remarks>
/// Affine in p, so convex; convex in the logits where p is their log-softmax: then it is <see cref="CrossEntropy{T}"/>. With class weights
/// the mean is over Σ w[label]. As torch.nn.NLLLoss, with the class axis last.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class NegativeLogLikelihood<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ClassLabels<T> _classes;

    /// <summary>All classes weigh 1.</summary>
    /// <param name="reduction">What becomes of the terms.</param>
    public NegativeLogLikelihood(Reduction reduction = Reduction.Mean)
        : this([], null, reduction)
    {
    }

    /// <summary>With options.</summary>
    /// <param name="classWeights">A weight for each class; empty for 1.</param>
    /// <param name="ignoredLabel">A label whose rows do not count; null for none.</param>
    /// <param name="reduction">What becomes of the terms.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public NegativeLogLikelihood(ReadOnlySpan<double> classWeights, int? ignoredLabel = null, Reduction reduction = Reduction.Mean)
        : base(reduction) => _classes = new(classWeights, ignoredLabel);

    /// <inheritdoc/>
    public override string Name => "negative-log-likelihood";

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 0, Smoothness: 0) { IsConvexInLogits = true, IsOfRows = true, CountsDiffer = !_classes.AreAlike };

    /// <summary>The loss of each row: log probabilities [rows, classes], labels [rows].</summary>
    /// <exception cref="ArgumentException">The target is no labels, or of another shape, or there are not as many class weights as classes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        Tensor<int> labels = LabelsOf(target);
        Tensor<T> picked = prediction.PickLabels(labels, _classes.IgnoredLabel);
        return -(_classes.AreAlike ? picked : picked * _classes.Of(labels, prediction.Shape));
    }

    /// <inheritdoc/>
    private protected override Tensor<T>? Counts(Tensor<T> prediction, Target<T> target) =>
        _classes.AreAlike ? null : _classes.Of(LabelsOf(target), prediction.Shape);
}
