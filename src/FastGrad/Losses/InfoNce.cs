using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>−log softmax of the right pair among all: row i of the first belongs to row i of the second, all other rows are its negatives. Mean over rows.</summary>
/// <remarks>
/// Logits are the cosines of all pairs over the temperature τ. Symmetric, it is the mean of both directions, as in CLIP. Not convex in the
/// vectors. Oord, Li, Vinyals 2018, arXiv:1807.03748; Radford et al. 2021, arXiv:2103.00020.
/// </remarks>
/// <exception cref="ArgumentOutOfRangeException">The temperature is not positive and finite.</exception>
/// <param name="temperature">The temperature τ.</param>
/// <param name="symmetric">Whether to classify in both directions.</param>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class InfoNce<T>(double temperature = 0.07, bool symmetric = false, Reduction reduction = Reduction.Mean) : Criterion<T>(reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _temperature = T.CreateTruncating(ArgumentGuard.Positive(temperature));

    /// <inheritdoc/>
    public override string Name => "info-nce";

    /// <inheritdoc/>
    public override Curvature Curvature => Curvature.NotConvex;

    /// <summary>The loss of matching rows.</summary>
    /// <param name="first">Vectors: [rows, width].</param>
    /// <param name="second">Their partners: [rows, width].</param>
    /// <param name="sampleWeights">A weight for each row; none are 1.</param>
    /// <exception cref="ArgumentException">The shapes differ, or are no matrices.</exception>
    public Tensor<T> Forward(Tensor<T> first, Tensor<T> second, Tensor<T>? sampleWeights = null)
    {
        Pairs.CheckSame(Name, first, second, nameof(second));
        if (first.Rank != 2)
            throw new ArgumentException($"{Name}: the vectors have shape {first.Shape}; expected [rows, width].", nameof(first));
        Tensor<int> partners = Tensor.From<int>([.. Enumerable.Range(0, first.Shape[0])]);
        Tensor<T> logits = Unit(first).MatMul(Unit(second).Transpose()) / _temperature;
        Tensor<T> terms = logits.SoftmaxCrossEntropy(partners);
        if (symmetric)
            terms = T.CreateTruncating(0.5) * (terms + logits.Transpose().SoftmaxCrossEntropy(partners));
        return Reduce(terms, sampleWeights);
    }

    private static Tensor<T> Unit(Tensor<T> x) => x / (x.Square().Sum([-1], keepAxes: true) + T.CreateTruncating(1e-12)).Sqrt();
}
