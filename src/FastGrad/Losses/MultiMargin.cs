using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>Σ over the other classes j of max(0, c − z[label] + z[j])^p / classes, from the scores z of a row. Mean over rows.</summary>
/// <remarks>
/// Convex in z; not smooth for p = 1, smooth with constant 2 for p = 2: 2/classes times the Laplacian of a star, whose greatest eigenvalue
/// is the number of classes. As torch.nn.MultiMarginLoss: a class weight multiplies the term
/// and not what it counts. Crammer and Singer 2001.
/// </remarks>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MultiMargin<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ClassLabels<T> _classes;
    private readonly int _power;
    private readonly T _margin;

    /// <summary>A margin loss.</summary>
    /// <param name="power">The power p: 1 or 2.</param>
    /// <param name="margin">The margin c.</param>
    /// <param name="classWeights">A weight for each class; empty for 1.</param>
    /// <param name="reduction">What becomes of the terms.</param>
    /// <exception cref="ArgumentOutOfRangeException">The power is neither 1 nor 2, the margin is not finite, or a weight is negative or not finite.</exception>
    public MultiMargin(int power = 1, double margin = 1, ReadOnlySpan<double> classWeights = default, Reduction reduction = Reduction.Mean)
        : base(reduction)
    {
        if (power is not (1 or 2))
            throw new ArgumentOutOfRangeException(nameof(power), power, $"The power is {power}; expected 1 or 2.");
        (_power, _margin, _classes) = (power, T.CreateTruncating(ArgumentGuard.Finite(margin)), new(classWeights, null));
    }

    /// <inheritdoc/>
    public override string Name => "multi-margin";

    /// <inheritdoc/>
    protected override bool IsReplayable => true;

    /// <inheritdoc/>
    public override Curvature Curvature => _power == 2 && _classes.AreAlike
        ? new(IsConvex: true, StrongConvexity: 0, Smoothness: 2) { IsConvexInLogits = true, IsOfRows = true }
        : Curvature.NotSmooth with { IsConvexInLogits = true, IsOfRows = true };

    /// <summary>The loss of each row: scores [rows, classes], labels [rows].</summary>
    /// <exception cref="ArgumentException">The target is no labels, or of another shape, or there are not as many class weights as classes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class.</exception>
    public override Tensor<T> Terms(Tensor<T> prediction, Target<T> target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        Tensor<int> labels = LabelsOf(target);
        Tensor<T> right = prediction.PickLabels(labels);
        Tensor<T> missing = (prediction - right.Reshape(Shape.Create([.. right.Shape.Axes, 1])) + _margin).Relu();
        Tensor<T> others = T.One - new Autograd.Primitives.PlaceLabels<T>(labels, prediction.Shape[-1]).Apply(Tensor.Ones<T>(labels.Shape));
        Tensor<T> terms = ((_power == 1 ? missing : missing.Square()) * others).Sum([-1]) / T.CreateTruncating(prediction.Shape[-1]);
        return _classes.AreAlike ? terms : terms * _classes.Of(labels, prediction.Shape);
    }
}
