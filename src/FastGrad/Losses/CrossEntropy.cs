using System.Numerics;
using FastGrad.Autograd;
using FastGrad.Autograd.Primitives;

namespace FastGrad.Losses;

/// <summary>−Σⱼ qⱼ·log softmax(z)ⱼ from the logits z of a row: the loss of classification. Mean over rows.</summary>
/// <remarks>
/// <para>
/// The target is a label a row (q is 1 there), or probabilities in the logits' shape. Smoothing mixes q with the uniform distribution:
/// (1 − s)·q + s/classes. Class weights w multiply the terms of q; with labels the mean is over Σ w[label], as in
/// torch.nn.CrossEntropyLoss, whose class axis is here the last. Where all labels are ignored the mean is 0/0, NaN.
/// </para>
/// <para>
/// ∂ℓ/∂z = p − q with p = softmax(z). A term is convex in z, not strongly (adding a constant to z changes nothing), and smooth with
/// constant ½ (times the greatest weight): the Hessian diag(p) − ppᵀ has no eigenvalue above ½. For probabilities as targets this holds where those of a row have the sum 1.
/// </para>
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CrossEntropy<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ClassLabels<T> _classes;
    private readonly double _smoothing, _greatestWeight;
    private SoftmaxCrossEntropy<T>? _latest; // of the latest labels: training compares with the same tensor in every step

    /// <summary>Plain cross entropy.</summary>
    /// <param name="reduction">What becomes of the terms.</param>
    public CrossEntropy(Reduction reduction = Reduction.Mean)
        : this(0, [], null, reduction)
    {
    }

    /// <summary>Cross entropy with options.</summary>
    /// <param name="smoothing">The smoothing s, from 0 to 1.</param>
    /// <param name="classWeights">A weight for each class; empty for 1.</param>
    /// <param name="ignoredLabel">A label whose rows do not count, such as −100 for padding; null for none. Their terms are multiplied by 0, so that NaN in such a row still shows, where torch hides it.</param>
    /// <param name="reduction">What becomes of the terms.</param>
    /// <exception cref="ArgumentOutOfRangeException">The smoothing is not within 0 and 1, or a weight is negative or not finite.</exception>
    public CrossEntropy(double smoothing, ReadOnlySpan<double> classWeights = default, int? ignoredLabel = null, Reduction reduction = Reduction.Mean)
        : base(reduction)
    {
        _smoothing = ArgumentGuard.Fraction(smoothing);
        _classes = new(classWeights, ignoredLabel);
        _greatestWeight = 1;
        foreach (double weight in classWeights)
            _greatestWeight = Math.Max(_greatestWeight, weight);
    }

    /// <inheritdoc/>
    public override string Name => "cross-entropy";

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Curvature Curvature => new(IsConvex: true, StrongConvexity: 0, Smoothness: 0.5 * _greatestWeight) { IsConvexInLogits = true, IsOfRows = true, CountsDiffer = !_classes.AreAlike };

    /// <summary>The loss of each row: logits [rows, classes], labels [rows] or probabilities [rows, classes].</summary>
    /// <exception cref="ArgumentException">The target is of another shape, or there are not as many class weights as classes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class, or a probability negative.</exception>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        if (target.Labels is not { } labels)
        {
            return target.Values?.Shape == prediction.Shape
                ? Mixed(prediction, target.Values)
                : throw new ArgumentException($"{Name} of logits of shape {prediction.Shape} got {target}; expected a class label a row (a Tensor<int>), or probabilities in the logits' shape.", nameof(target));
        }
        if (_smoothing == 0 && _classes.AreAlike)
            return (_latest is { } latest && latest.Labels == labels ? latest : _latest = new(labels)).Apply(prediction);
        if (_smoothing == 0)
            return (prediction.LogSumExp() - prediction.PickLabels(labels, _classes.IgnoredLabel)) * _classes.Of(labels, prediction.Shape);

        Tensor<T> logarithms = prediction.LogSoftmax(), counted = _classes.Of(labels, prediction.Shape);
        Tensor<T> uniform = Weighted(logarithms).Sum([-1]) * T.CreateTruncating(_smoothing / prediction.Shape[-1]);
        if (_classes.IgnoredLabel is { } ignored)
            uniform = uniform * Tensor.Ones<T>(prediction.Shape).PickLabels(labels, ignored);
        return -(T.CreateTruncating(1 - _smoothing) * counted * logarithms.PickLabels(labels, _classes.IgnoredLabel) + uniform);
    }

    /// <inheritdoc/>
    private protected override Tensor<T>? Counts(Tensor<T> prediction, Target<T> target) =>
        target.Labels is { } labels && !_classes.AreAlike ? _classes.Of(labels, prediction.Shape) : null;

    private Tensor<T> Mixed(Tensor<T> prediction, Tensor<T> probabilities)
    {
        probabilities = probabilities.CheckRange(0, double.PositiveInfinity, "target probability");
        Tensor<T> mixed = _smoothing == 0
            ? probabilities
            : probabilities * T.CreateTruncating(1 - _smoothing) + T.CreateTruncating(_smoothing / prediction.Shape[-1]);
        return -Weighted(mixed * prediction.LogSoftmax()).Sum([-1]);
    }

    private Tensor<T> Weighted(Tensor<T> x) => _classes.Weights(x.Shape[-1]) is { } weights ? x * weights : x;
}
