using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>max(0, ‖a − p‖ − ‖a − n‖ + c): an anchor is to lie nearer to a positive than to a negative example by the margin c. Mean over triplets.</summary>
/// <remarks>
/// Euclidean distances of differences with 1e−6 added, as in torch.nn.TripletMarginLoss. With swap the nearer of anchor and positive stands
/// against the negative. Not convex. Schroff, Kalenichenko, Philbin 2015, arXiv:1503.03832; Balntas et al. 2016.
/// </remarks>
/// <exception cref="ArgumentOutOfRangeException">The margin is not positive and finite.</exception>
/// <param name="margin">The margin c.</param>
/// <param name="swap">Whether to take the harder of the two negative distances.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TripletMargin<T>(double margin = 1, bool swap = false, Reduction reduction = Reduction.Mean) : Criterion<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _margin = T.CreateTruncating(ArgumentGuard.Positive(margin));

    /// <inheritdoc/>
    public override string Name => "triplet-margin";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotConvex;

    /// <summary>The loss of triplets of rows.</summary>
    /// <param name="anchor">The anchors a: [triplets, width].</param>
    /// <param name="positive">The examples p that belong to them.</param>
    /// <param name="negative">The examples n that do not.</param>
    /// <param name="sampleWeights">A weight for each triplet; none are 1.</param>
    /// <exception cref="ArgumentException">The shapes differ, or are scalar.</exception>
    public Tensor<T> Forward(Tensor<T> anchor, Tensor<T> positive, Tensor<T> negative, Tensor<T>? sampleWeights = null)
    {
        Pairs.CheckSame(Name, anchor, positive, nameof(positive));
        Pairs.CheckSame(Name, anchor, negative, nameof(negative));
        if (anchor.Rank == 0)
            throw new ArgumentException($"{Name}: the anchor is a scalar; expected [triplets, width].", nameof(anchor));
        Tensor<T> far = Distance(anchor, negative);
        if (swap)
            far = far.Minimum(Distance(positive, negative));
        return Reduce((Distance(anchor, positive) - far + _margin).Clamp(min: 0), sampleWeights);
    }

    private static Tensor<T> Distance(Tensor<T> a, Tensor<T> b) => (a - b + T.CreateTruncating(1e-6)).Square().Sum([-1]).Sqrt();
}
