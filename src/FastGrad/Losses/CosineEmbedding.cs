using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>1 − cos(a, b) for pairs that belong together (y = 1), max(0, cos(a, b) − c) for those that do not (y = −1). Mean over pairs.</summary>
/// <remarks>Not convex. Squared lengths have 1e−12 added, so that the zero vector has a gradient. As torch.nn.CosineEmbeddingLoss.</remarks>
/// <exception cref="ArgumentOutOfRangeException">The margin is not finite.</exception>
/// <param name="margin">The margin c, usually from 0 to ½.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CosineEmbedding<T>(double margin = 0, Reduction reduction = Reduction.Mean) : Criterion<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _margin = T.CreateTruncating(ArgumentGuard.Finite(margin));

    /// <inheritdoc/>
    public override string Name => "cosine-embedding";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotConvex;

    /// <summary>The loss of pairs of rows.</summary>
    /// <param name="first">The vectors a: [pairs, width].</param>
    /// <param name="second">The vectors b: [pairs, width].</param>
    /// <param name="target">1 or −1 for each pair: [pairs].</param>
    /// <param name="sampleWeights">A weight for each pair; none are 1.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Tensor<T> Forward(Tensor<T> first, Tensor<T> second, Tensor<T> target, Tensor<T>? sampleWeights = null)
    {
        Pairs.Check(Name, first, second, target);
        T tiny = T.CreateTruncating(1e-12), half = T.CreateTruncating(0.5);
        Tensor<T> lengths = (first.Square().Sum([-1]) + tiny) * (second.Square().Sum([-1]) + tiny);
        Tensor<T> cosine = (first * second).Sum([-1]) / lengths.Sqrt();
        Tensor<T> together = half * (T.One + target), apart = half * (T.One - target);
        return Reduce(together * (T.One - cosine) + apart * (cosine - _margin).Clamp(min: 0), sampleWeights);
    }
}
