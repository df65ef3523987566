using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>max(0, c − y·(a − b)): a is to be ranked above b (y = 1) or below it (y = −1) by the margin c. Mean over pairs.</summary>
/// <remarks>Convex in a and b together, not smooth. As torch.nn.MarginRankingLoss.</remarks>
/// <exception cref="ArgumentOutOfRangeException">The margin is not finite.</exception>
/// <param name="margin">The margin c.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MarginRanking<T>(double margin = 0, Reduction reduction = Reduction.Mean) : Criterion<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _margin = T.CreateTruncating(ArgumentGuard.Finite(margin));

    /// <inheritdoc/>
    public override string Name => "margin-ranking";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotSmooth;

    /// <summary>The loss of pairs of scores.</summary>
    /// <param name="first">The scores a.</param>
    /// <param name="second">The scores b, in a's shape.</param>
    /// <param name="target">1 or −1, in a's shape.</param>
    /// <param name="sampleWeights">A weight for each pair; none are 1.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Tensor<T> Forward(Tensor<T> first, Tensor<T> second, Tensor<T> target, Tensor<T>? sampleWeights = null)
    {
        Pairs.CheckSame(Name, first, second, nameof(second));
        Pairs.CheckSame(Name, first, target, nameof(target));
        return Reduce((_margin - target * (first - second)).Clamp(min: 0), sampleWeights);
    }
}
