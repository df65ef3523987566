using System.Numerics;
using FastGrad.Autograd;

namespace FastGrad.Losses;

/// <summary>How wrong something is, as a number to be made small: terms, and what becomes of them.</summary>
/// <remarks>Most compare a prediction with a target: <see cref="Loss{T}"/>. Others compare several outputs of a model with each other.</remarks>
/// <param name="reduction">What becomes of the terms.</param>
/// <typeparam name="T">The element type: <see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Criterion<T>(Reduction reduction)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What becomes of the terms.</summary>
    public Reduction Reduction { get; } = reduction;

    /// <summary>The name, in lower case with dashes.</summary>
    public abstract string Name { get; }

    /// <summary>Convexity and smoothness of one term in its prediction.</summary>
    public abstract Curvature Curvature { get; }

    /// <summary>Terms tᵢ with sample weights wᵢ and counts cᵢ: Σ wᵢtᵢ / Σ wᵢcᵢ, Σ wᵢtᵢ, or wᵢtᵢ.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="weights">A weight for each term, or for each row of terms; none are 1.</param>
    /// <param name="counts">What each term counts in the mean, in the terms' shape; none are 1.</param>
    /// <exception cref="ArgumentException">The weights have neither the terms' shape nor one element a row.</exception>
    private protected Tensor<T> Reduce(Tensor<T> terms, Tensor<T>? weights, Tensor<T>? counts = null)
    {
        if (weights is not null)
        {
            weights = Fit(weights, terms.Shape);
            terms = terms * weights;
            counts = counts is null ? weights.BroadcastTo(terms.Shape) : counts * weights;
        }
        return Reduction switch
        {
            Reduction.Mean => counts is null ? terms.Mean() : terms.Sum() / counts.Sum(),
            Reduction.Sum => terms.Sum(),
            _ => terms,
        };
    }

    private Tensor<T> Fit(Tensor<T> weights, Shape terms)
    {
        if (weights.Shape == terms)
            return weights;
        if (terms.Rank > 1 && weights.Rank == 1 && weights.Shape[0] == terms[0])
        {
            Span<int> axes = stackalloc int[terms.Rank];
            axes.Fill(1);
            axes[0] = terms[0];
            return weights.Reshape(Shape.Create(axes));
        }
        throw new ArgumentException($"{Name}: sample weights of shape {weights.Shape} for terms of shape {terms}; expected that shape{(terms.Rank > 1 ? $", or {Shape.Create(terms[0])} for one weight a row" : "")}.", nameof(weights));
    }
}
